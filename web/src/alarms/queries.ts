/** Alarms as the pages ask for them. Everything below `ALARMS` is asked again after an action. */

import { useQuery } from '@tanstack/react-query';
import { getAlarm, listAlarms } from '../api/alarms';
import { getPolicy } from '../api/policies';
import { DEFAULT_EQUIPMENT } from '../api/schema-query';

export const ALARMS = 'alarms';
export const REFRESH_MS = 2_000;
const MOST = 200;

/** The open alarms that nothing hides, in the order of work, and the counts of all that are open. */
export function useOpenAlarms() {
  return useQuery({
    queryKey: [ALARMS, 'open'],
    queryFn: ({ signal }) => listAlarms({ open: 'yes', overlay: 'none', limit: MOST }, signal),
    refetchInterval: REFRESH_MS,
  });
}

/** A machine's alarms, open and over, the newest first. */
export function useMachineAlarms(machine: string) {
  return useQuery({
    queryKey: [ALARMS, 'machine', machine],
    queryFn: ({ signal }) => listAlarms({ open: 'any', machine, sort: 'raised', limit: MOST }, signal),
    refetchInterval: REFRESH_MS,
  });
}

/** The alarm policy in force. It changes when somebody decides so, not by itself. */
export function usePolicy(equipment: string = DEFAULT_EQUIPMENT) {
  return useQuery({
    queryKey: ['policy', equipment],
    queryFn: ({ signal }) => getPolicy(equipment, signal),
    staleTime: 60_000,
    refetchInterval: 60_000,
  });
}

/** One alarm whole. */
export function useAlarm(id: string) {
  return useQuery({
    queryKey: [ALARMS, 'one', id],
    queryFn: ({ signal }) => getAlarm(id, signal),
    refetchInterval: REFRESH_MS,
  });
}
