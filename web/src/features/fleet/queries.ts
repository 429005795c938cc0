import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { everyMachine, listMachines } from '../../api/client';
import type { MachineSummary } from '../../api/types';

const WORST = 40;

/** What the registry knows of every machine; asked again when the stream has named machines that it did not have. */
export function useRegistry(liveCount: number) {
  const query = useQuery({
    queryKey: ['machines', 'every'],
    queryFn: ({ signal }) => everyMachine(signal),
    refetchInterval: 60_000,
  });
  const { data, refetch } = query;
  const askedAt = useRef(0);
  useEffect(() => {
    if (data === undefined || liveCount <= data.length || askedAt.current === liveCount) return;
    askedAt.current = liveCount;
    void refetch();
  }, [data, liveCount, refetch]);
  return query;
}

/** The machines the queue is about, with their reasons, which the stream does not carry. Asked while it connects. */
export function useWorst() {
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
  });
}
