import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { machineAlarmsQuery } from '../../alarms/queries';
import { getMachine } from '../../api/client';
import { useReadingSchema } from '../../api/schema-query';
import type { Assessment } from '../../api/types';
import type { Start } from '../../live/start';
import { useLiveStore, useLiveVersion } from '../../live/use-live';

const REFRESH_MS = 5_000;

function machineQuery(id: string) {
  return queryOptions({ queryKey: ['machine', id], queryFn: ({ signal }) => getMachine(id, signal) });
}

/** What the page shows first. */
export function firstOfMachine({ queries, id }: Start): Promise<unknown> {
  return Promise.all([queries.prefetchQuery(machineQuery(id)), queries.prefetchQuery(machineAlarmsQuery(id))]);
}

/** A machine: what the gateway stores of it, and its newest assessment, from the stream where that is newer. */
export function useMachine(id: string) {
  const store = useLiveStore();
  useLiveVersion(store);
  const detail = useQuery({ ...machineQuery(id), refetchInterval: REFRESH_MS });
  const schema = useReadingSchema(detail.data?.equipment);
  // The stream sends whole assessments only of a machine that someone follows.
  useEffect(() => store.follow(id, { assessed() {}, opened() {} }), [store, id]);
  return { store, detail, schema, assessment: newer(store.latest(id), detail.data?.last_assessment ?? null) };
}

function newer(live: Assessment | null, stored: Assessment | null): Assessment | null {
  if (live === null || stored === null) return live ?? stored;
  return live.observed_at >= stored.observed_at ? live : stored;
}
