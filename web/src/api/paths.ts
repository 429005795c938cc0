/** Addresses of what pages ask for first: `app/pages.ts` asks for them early, by the same words as the calls. */

export const DEFAULT_EQUIPMENT = 'milling';

export type Query = Readonly<Record<string, string | number | null | undefined>>;

export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

export const ALARM_LOAD = '/gateway/alarms/load';
export const DATA_HEALTH = '/gateway/data-health';
export const MODELS = '/api/models';
export const POLICIES = '/gateway/policies';
export const REPLAYS = '/gateway/replays';
export const REPLAY_MODELS = '/gateway/models';

export const alarmPath = (id: string) => `/gateway/alarms/${encodeURIComponent(id)}`;
export const machinePath = (id: string) => `/gateway/machines/${encodeURIComponent(id)}`;
export const modelPath = (name: string) => `${MODELS}/${encodeURIComponent(name)}`;
export const policyPath = (equipment: string) => `${POLICIES}/${encodeURIComponent(equipment)}`;
export const replayPath = (id: string) => `${REPLAYS}/${encodeURIComponent(id)}`;
export const replayDiffPath = (id: string) => `${replayPath(id)}/diff`;
export const schemaPath = (equipment: string) => `/api/schema/${encodeURIComponent(equipment)}`;
export const versionsPath = (equipment: string) =>
  withQuery(`${policyPath(equipment)}/versions`, { limit: MOST_VERSIONS });
export const replaysPath = () => withQuery(REPLAYS, { limit: MOST_REPLAYS });
export const ratePath = (equipment: string) => withQuery('/gateway/alarms/rate', { equipment });
export const signalsPath = (equipment: string) => `/gateway/signals/${encodeURIComponent(equipment)}`;
export const alarmsPath = (query: Query) => withQuery('/gateway/alarms', query);
export const machinesPath = (query: Query) => withQuery('/gateway/machines', query);

export const ALARMS_A_PAGE = 100;
const MOST_ALARMS = 200;
const MOST_VERSIONS = 50;
const MOST_REPLAYS = 50;
const WORST = 60;

/** What is asked for first, as queries. */
export const FIRST = {
  openAlarms: { open: 'yes', overlay: 'none', limit: MOST_ALARMS },
  waitingAlarms: { state: 'unacknowledged', overlay: 'none' },
  registry: { sort: 'id', limit: 1000 },
  worst: { sort: '-probability', limit: WORST },
  refused: { state: 'cannot_judge', limit: WORST },
} as const;

export const machineAlarms = (machine: string) =>
  ({ open: 'any', machine, sort: 'raised', limit: MOST_ALARMS }) as const;
