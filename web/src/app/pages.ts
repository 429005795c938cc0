/** Which part of the application a path needs, and which answers. It knows nothing else: `first.ts` asks it before anything is there. */

import type { ComponentType } from 'react';
import { askEarly } from '../api/early';
import * as paths from '../api/paths';
import { BASE_PATH } from '../lib/base-path';
import type { Start } from '../live/start';

interface Page {
  readonly default: ComponentType;
  /** Asks for what the page shows first, so that it is drawn once and whole. */
  readonly first?: (start: Start) => Promise<unknown>;
}

export type Load = () => Promise<Page>;

/** Pages come in files of their own, by their path. */
export const LOADERS = {
  '/': () => import('../features/fleet/fleet-page'),
  '/alarms': () => import('../features/alarms/alarms-page'),
  '/alarms/:id': () => import('../features/alarms/alarm-page'),
  '/machines/:id': () => import('../features/machine/machine-page'),
  '/predict': () => import('../features/predict/predict-page'),
  '/model': () => import('../features/model/model-page'),
  '/data-health': () => import('../features/data-health/data-health-page'),
  '/policies': () => import('../features/policies/policies-page'),
  '/replays': () => import('../features/replay/replay-page'),
} as const satisfies Readonly<Record<string, Load>>;

type PagePath = keyof typeof LOADERS;

/** What a page is empty without; every page asks for the profile. `search` is what else its address says. */
const QUESTIONS: Readonly<Partial<Record<PagePath, (id: string, search: URLSearchParams) => readonly string[]>>> = {
  '/': () => [
    paths.machinesPath(paths.FIRST.worst),
    paths.machinesPath(paths.FIRST.refused),
    paths.policyPath(paths.DEFAULT_EQUIPMENT),
  ],
  '/alarms': (_, search) => [
    paths.ALARM_LOAD,
    ...(search.has('tab') ? [] : [paths.alarmsPath({ ...paths.FIRST.waitingAlarms, limit: paths.ALARMS_A_PAGE })]),
  ],
  '/alarms/:id': (id) => [paths.alarmPath(id)],
  '/machines/:id': (id) => [paths.machinePath(id), paths.alarmsPath(paths.machineAlarms(id))],
  '/model': () => [paths.MODELS, paths.ratePath(paths.DEFAULT_EQUIPMENT), paths.signalsPath(paths.DEFAULT_EQUIPMENT)],
  '/data-health': () => [paths.DATA_HEALTH],
  '/policies': () => [paths.POLICIES, paths.policyPath(paths.DEFAULT_EQUIPMENT)],
  '/replays': (_, search) => {
    const id = search.get('id');
    return [
      ...(id === null ? [] : [paths.replayPath(id)]),
      paths.POLICIES,
      paths.replaysPath(),
      paths.versionsPath(paths.DEFAULT_EQUIPMENT),
      paths.REPLAY_MODELS,
    ];
  },
};

const arrived = new Map<string, ComponentType>();

/** The page of a path, where `loadPageOf` has fetched it. */
export function pageThatArrived(path: string): ComponentType | undefined {
  return arrived.get(path);
}

/** Fetches the page of this address; nothing when no page has it. */
export async function loadPageOf(pathname: string): Promise<{ first?: Page['first']; id: string } | undefined> {
  const found = pageOf(pathname);
  if (found === undefined) return undefined;
  const page: Page = await LOADERS[found.path]();
  arrived.set(found.path, page.default);
  return { first: page.first, id: found.id };
}

/** Asks for what the page of this address will ask for. */
export function askFor({ pathname, search }: { readonly pathname: string; readonly search: string }): void {
  const found = pageOf(pathname);
  if (found === undefined) return;
  askEarly(paths.schemaPath(paths.DEFAULT_EQUIPMENT));
  askEarly(paths.alarmsPath(paths.FIRST.openAlarms));
  for (const path of QUESTIONS[found.path]?.(found.id, new URLSearchParams(search)) ?? []) askEarly(path);
}

function pageOf(pathname: string): { readonly path: PagePath; readonly id: string } | undefined {
  const parts = pathname.slice(BASE_PATH.length).split('/');
  for (const path of Object.keys(LOADERS) as PagePath[]) {
    const wanted = path.split('/');
    const isIt =
      wanted.length === parts.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at]);
    if (isIt) return { path, id: decoded(parts.at(-1) ?? '') };
  }
  return undefined;
}

/** What somebody typed need not be right: the page says that there is no such thing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
