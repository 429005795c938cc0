/** Alarms as the pages ask for them. Everything below `ALARMS` is asked again after an action. */

import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getAlarm, listAlarms } from '../api/alarms';
import { DEFAULT_EQUIPMENT, FIRST, machineAlarms } from '../api/paths';
import { getPolicy } from '../api/policies';
import { useIsCut, useLiveStore } from '../live/use-live';

export const ALARMS = 'alarms';
/** Without a stream the alarms are asked for; with one it tells of every change, and this is for what it may have lost. */
const CUT_MS = 2_000;
const TOLD_MS = 60_000;
/** In a flood alarms change every second: nobody reads as fast, and every list is asked for again. */
const LEAST_MS = 2_000;

/** How often alarms are asked for beside what the stream tells of them. */
export function useAlarmRefreshMs(): number {
  return useIsCut(useLiveStore()) ? CUT_MS : TOLD_MS;
}

/** Has all that is shown of alarms asked for anew when the stream says that some have changed. For one place only. */
export function useAlarmNews(): void {
  const store = useLiveStore();
  const queries = useQueryClient();
  useEffect(() => followAlarms((listener) => store.onAlarms(listener), queries), [store, queries]);
}

/** At once, but not more often than every two seconds. Returns how to stop. */
function followAlarms(onAlarms: (listener: () => void) => () => void, queries: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const ask = () => {
    isWanted = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (isWanted) ask();
    }, LEAST_MS);
    void queries.invalidateQueries({ queryKey: [ALARMS] });
  };
  const stop = onAlarms(() => {
    isWanted = true;
    if (timer === undefined) ask();
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

/** The open alarms that nothing hides, in the order of work, and the counts of all that are open. */
export const openAlarmsQuery = queryOptions({
  queryKey: [ALARMS, 'open'],
  queryFn: ({ signal }) => listAlarms(FIRST.openAlarms, signal),
});

export function useOpenAlarms() {
  return useQuery({ ...openAlarmsQuery, refetchInterval: useAlarmRefreshMs() });
}

/** A machine's alarms, open and over, the newest first. */
export function machineAlarmsQuery(machine: string) {
  return queryOptions({
    queryKey: [ALARMS, 'machine', machine],
    queryFn: ({ signal }) => listAlarms(machineAlarms(machine), signal),
  });
}

export function useMachineAlarms(machine: string) {
  return useQuery({ ...machineAlarmsQuery(machine), refetchInterval: useAlarmRefreshMs() });
}

/** The alarm policy in force. It changes when somebody decides so, not by itself. */
export function policyQuery(equipment: string = DEFAULT_EQUIPMENT) {
  return queryOptions({
    queryKey: ['policy', equipment],
    queryFn: ({ signal }) => getPolicy(equipment, signal),
    staleTime: 60_000,
  });
}

export function usePolicy(equipment?: string) {
  return useQuery({ ...policyQuery(equipment), refetchInterval: 60_000 });
}

/** One alarm whole. */
export function alarmQuery(id: string) {
  return queryOptions({ queryKey: [ALARMS, 'one', id], queryFn: ({ signal }) => getAlarm(id, signal) });
}

export function useAlarm(id: string) {
  return useQuery({ ...alarmQuery(id), refetchInterval: useAlarmRefreshMs() });
}
