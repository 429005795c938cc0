import { useQuery } from '@tanstack/react-query';
import { everyMachine, listMachines } from '../../api/client';
import type { MachineSummary } from '../../api/types';

const WORST = 40;

/** What the registry knows of every machine; asked again when the stream names machines that it did not have. */
export function useRegistry(liveCount: number) {
  return useQuery({
    queryKey: ['machines', 'every', liveCount],
    queryFn: ({ signal }) => everyMachine(signal),
    placeholderData: (before) => before,
    refetchInterval: 60_000,
    enabled: liveCount > 0,
  });
}

/** The machines the queue is about, with their reasons, which the stream does not carry. */
export function useWorst(isNeeded: boolean) {
  return useQuery({
    queryKey: ['machines', 'worst'],
    queryFn: async ({ signal }): Promise<MachineSummary[]> => {
      const [probable, refused] = await Promise.all([
        listMachines({ sort: '-probability', limit: WORST }, signal),
        listMachines({ state: 'cannot_judge', limit: WORST }, signal),
      ]);
      return [...probable.machines, ...refused.machines];
    },
    refetchInterval: 2_000,
    enabled: isNeeded,
  });
}
