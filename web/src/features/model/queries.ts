import { queryOptions, useQuery } from '@tanstack/react-query';
import { getAlarmRate } from '../../api/alarms';
import { getModel, getRecentSignals, listModels } from '../../api/client';
import type { Start } from '../../live/start';
import { modelCard } from './model-card';

const REFRESH_MS = 60_000;

/** The models that answer. They change with a deployment. */
const modelsQuery = queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => listModels(signal) });

export function useModels() {
  return useQuery({ ...modelsQuery, refetchInterval: REFRESH_MS });
}

/** The card of one of them. */
function cardQuery(name: string) {
  return queryOptions({
    queryKey: ['models', name],
    queryFn: async ({ signal }) => modelCard((await getModel(name, signal)).manifest),
  });
}

export function useModelCard(name: string) {
  return useQuery({ ...cardQuery(name), refetchInterval: REFRESH_MS });
}

/** How often alarms came over the last thirty days, and which models judged then. */
function alarmRateQuery(equipment: string) {
  return queryOptions({
    queryKey: ['alarm-rate', equipment],
    queryFn: ({ signal }) => getAlarmRate(equipment, signal),
  });
}

export function useAlarmRate(equipment: string) {
  return useQuery({ ...alarmRateQuery(equipment), refetchInterval: REFRESH_MS });
}

/** What the page shows first. */
export async function firstOfModel({ queries }: Start): Promise<unknown> {
  const { models } = await queries.fetchQuery(modelsQuery);
  const [chosen] = models;
  if (chosen === undefined) return undefined;
  return Promise.all([
    queries.prefetchQuery(cardQuery(chosen.name)),
    queries.prefetchQuery(alarmRateQuery(chosen.equipment)),
  ]);
}

/** What the machines read lately: how the fleet is now, for the check of drift. */
export function useRecentSignals(equipment: string) {
  return useQuery({
    queryKey: ['signals', equipment],
    queryFn: ({ signal }) => getRecentSignals(equipment, signal),
    refetchInterval: REFRESH_MS,
  });
}
