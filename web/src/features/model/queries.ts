import { useQuery } from '@tanstack/react-query';
import { getAlarmRate } from '../../api/alarms';
import { getModel, getRecentSignals, listModels } from '../../api/client';
import { modelCard } from './model-card';

const REFRESH_MS = 60_000;

/** The models that answer. They change with a deployment. */
export function useModels() {
  return useQuery({
    queryKey: ['models'],
    queryFn: ({ signal }) => listModels(signal),
    refetchInterval: REFRESH_MS,
  });
}

/** The card of one of them. */
export function useModelCard(name: string) {
  return useQuery({
    queryKey: ['models', name],
    queryFn: async ({ signal }) => modelCard((await getModel(name, signal)).manifest),
    refetchInterval: REFRESH_MS,
  });
}

/** How often alarms came over the last thirty days, and which models judged then. */
export function useAlarmRate(equipment: string) {
  return useQuery({
    queryKey: ['alarm-rate', equipment],
    queryFn: ({ signal }) => getAlarmRate(equipment, signal),
    refetchInterval: REFRESH_MS,
  });
}

/** What the machines read lately: how the fleet is now, for the check of drift. */
export function useRecentSignals(equipment: string) {
  return useQuery({
    queryKey: ['signals', equipment],
    queryFn: ({ signal }) => getRecentSignals(equipment, signal),
    refetchInterval: REFRESH_MS,
  });
}
