/**
 * Every page by its path below the base path: the module that it is, and what it asks first. It knows nothing else: the
 * first script of the page (`first.ts`) and the build use it before anything is there.
 */

import * as paths from '../api/paths';

interface PageEntry {
  /** Below `features/`, without its ending. */
  readonly module: string;
  /** What the page is empty without; every page asks for the profile. `search` is what else its address says. */
  readonly asks?: (id: string, search: URLSearchParams) => readonly string[];
}

export const PAGES = {
  '/': {
    module: 'fleet/fleet-page',
    asks: () => [
      paths.machinesPath(paths.FIRST.worst),
      paths.machinesPath(paths.FIRST.refused),
      paths.policyPath(paths.DEFAULT_EQUIPMENT),
    ],
  },
  '/alarms': {
    module: 'alarms/alarms-page',
    asks: (_, search) => [
      paths.ALARM_LOAD,
      ...(search.has('tab') ? [] : [paths.alarmsPath({ ...paths.FIRST.waitingAlarms, limit: paths.ALARMS_A_PAGE })]),
    ],
  },
  '/alarms/:id': { module: 'alarms/alarm-page', asks: (id) => [paths.alarmPath(id)] },
  '/machines/:id': {
    module: 'machine/machine-page',
    asks: (id) => [paths.machinePath(id), paths.alarmsPath(paths.machineAlarms(id))],
  },
  '/predict': { module: 'predict/predict-page' },
  '/model': {
    module: 'model/model-page',
    asks: () => [
      paths.MODELS,
      paths.modelPath(paths.DEFAULT_EQUIPMENT),
      paths.ratePath(paths.DEFAULT_EQUIPMENT),
      paths.signalsPath(paths.DEFAULT_EQUIPMENT),
    ],
  },
  '/data-health': { module: 'data-health/data-health-page', asks: () => [paths.DATA_HEALTH] },
  '/policies': {
    module: 'policies/policies-page',
    asks: () => [paths.POLICIES, paths.policyPath(paths.DEFAULT_EQUIPMENT)],
  },
  '/replays': {
    module: 'replay/replay-page',
    asks: (_, search) => {
      const id = search.get('id');
      if (id !== null) return [paths.replayPath(id), paths.replayDiffPath(id)];
      return [paths.POLICIES, paths.replaysPath()];
    },
  },
} as const satisfies Readonly<Record<string, PageEntry>>;

export type PagePath = keyof typeof PAGES;

interface Found {
  readonly path: PagePath;
  readonly id: string;
}

/** The page of a path below the base path, and the id that it names; nothing when no page has it. */
export function pageOf(pathname: string): Found | undefined {
  const parts = pathname.split('/');
  for (const path of Object.keys(PAGES) as PagePath[]) {
    const wanted = path.split('/');
    const isIt =
      wanted.length === parts.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at]);
    if (isIt) return { path, id: decoded(parts.at(-1) ?? '') };
  }
  return undefined;
}

/** What a page will ask for; `search` is that of its address. */
export function questionsOf({ path, id }: Found, search: string): readonly string[] {
  const { asks }: PageEntry = PAGES[path];
  return [
    paths.schemaPath(paths.DEFAULT_EQUIPMENT),
    paths.alarmsPath(paths.FIRST.openAlarms),
    ...(asks?.(id, new URLSearchParams(search)) ?? []),
  ];
}

/** What somebody typed need not be right: the page says that there is no such thing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
