/** What the registry knows of the machines. */

import { useQuery } from '@tanstack/react-query';
import { everyMachine } from './client';

/** The line of each machine; null where none is known. */
export function useLines(isNeeded: boolean): (machine: string) => string | null {
  const { data } = useQuery({
    queryKey: ['machines', 'lines'],
    queryFn: async ({ signal }) => new Map((await everyMachine(signal)).map((one) => [one.machine_id, one.line])),
    refetchInterval: 60_000,
    enabled: isNeeded,
  });
  return (machine) => data?.get(machine) ?? null;
}
