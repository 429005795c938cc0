import { queryOptions, useQuery } from '@tanstack/react-query';
import { ALARMS } from '../../alarms/queries';
import { getAlarmLoad } from '../../api/alarms';
import type { AlarmFlood, AlarmLoad } from '../../api/types';

const WINDOW_MS = 600_000;
const REFRESH_MS = 10_000;

export interface LoadView {
  /** The last 24 hours; undefined until it is known. */
  readonly day: AlarmLoad | undefined;
  /** The flood that is going on, or was within the last ten minutes. */
  readonly flood: AlarmFlood | null;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** How much the alarms of the last day asked of people. */
export const alarmLoadQuery = queryOptions({
  queryKey: [ALARMS, 'load'],
  queryFn: ({ signal }) => getAlarmLoad(signal),
});

export function useAlarmLoad(): LoadView {
  const query = useQuery({ ...alarmLoadQuery, refetchInterval: REFRESH_MS });
  const last = query.data?.floods.at(-1);
  const isNow = last !== undefined && Date.parse(query.data?.to ?? '') - Date.parse(last.end) < WINDOW_MS;
  return {
    day: query.data,
    flood: isNow ? last : null,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

/** Alarms per hour out of those per ten minutes, the oldest hour first. The range must be whole hours. */
export function perHour(windows: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(windows.length / 6) }, (_, hour) =>
    windows.slice(hour * 6, hour * 6 + 6).reduce((sum, count) => sum + count, 0),
  );
}
