import { queryOptions, useQuery } from '@tanstack/react-query';
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

interface Worst {
  readonly machines: readonly MachineSummary[];
  /** The fleet is so small that these are all of its machines. */
  readonly isAll: boolean;
}

const worstQuery = queryOptions({
  queryKey: ['machines', 'worst'],
  queryFn: async ({ signal }): Promise<Worst> => {
    const [probable, refused] = await Promise.all([
      listMachines(FIRST.worst, signal),
      listMachines(FIRST.refused, signal),
    ]);
    const isAll = probable.next_cursor === null;
    return { machines: isAll ? probable.machines : [...probable.machines, ...refused.machines], isAll };
  },
});

/** What the page shows first: of a small fleet what the worst say, which are all, else what the stream says. */
export function firstOfFleet({ queries, live }: Start): Promise<unknown> {
  const begin = async () => {
    const { machines, isAll } = await queries.fetchQuery(worstQuery);
    if (isAll) {
      queries.setQueryData(registryQuery.queryKey, [...machines]);
      live.begin(firstPicture(machines, Date.now()));
    } else await live.connected();
  };
  return Promise.all([begin(), queries.prefetchQuery(policyQuery()), queries.prefetchQuery(openAlarmsQuery)]);
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
  return useQuery({ ...worstQuery, refetchInterval: 2_000 });
}
