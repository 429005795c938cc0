import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { openAlarmsQuery, policyQuery } from '../../alarms/queries';
import { everyMachine, listMachines } from '../../api/client';
import { FIRST } from '../../api/paths';
import type { MachineSummary } from '../../api/types';
import { firstPicture } from '../../live/first-picture';
import type { Start } from '../../live/start';

const registryQuery = queryOptions({
  queryKey: ['machines', 'every'],
  queryFn: ({ signal }) => everyMachine(signal),
});

const worstQuery = queryOptions({
  queryKey: ['machines', 'worst'],
  queryFn: async ({ signal }): Promise<MachineSummary[]> => {
    const [probable, refused] = await Promise.all([
      listMachines(FIRST.worst, signal),
      listMachines(FIRST.refused, signal),
    ]);
    return [...probable.machines, ...refused.machines];
  },
});

/** What the page shows first. */
export function firstOfFleet({ queries, live }: Start): Promise<unknown> {
  return Promise.all([
    queries.fetchQuery(registryQuery).then((machines) => live.begin(firstPicture(machines, Date.now()))),
    queries.prefetchQuery(policyQuery()),
    queries.prefetchQuery(openAlarmsQuery),
  ]);
}

/** What the registry knows of every machine; asked again when the stream has named machines that it did not have. */
export function useRegistry(liveCount: number) {
  const query = useQuery({ ...registryQuery, refetchInterval: 60_000 });
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
  const queries = useQueryClient();
  const registry = queries.getQueryState(registryQuery.queryKey);
  return useQuery({
    ...worstQuery,
    refetchInterval: 2_000,
    // The registry has the reasons of all, as of when it was asked.
    ...(registry?.data !== undefined && { initialData: registry.data, initialDataUpdatedAt: registry.dataUpdatedAt }),
  });
}
