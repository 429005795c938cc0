/** Which part of the application a path needs. It knows nothing else: `first.ts` asks it before anything is there. */

import type { ComponentType } from 'react';
import { BASE_PATH } from '../lib/base-path';

export type Load = () => Promise<{ default: ComponentType }>;

/** Pages that come in files of their own, by their path; the fleet's comes with the application. */
export const LOADERS = {
  '/alarms': () => import('../features/alarms/alarms-page'),
  '/alarms/:id': () => import('../features/alarms/alarm-page'),
  '/machines/:id': () => import('../features/machine/machine-page'),
  '/predict': () => import('../features/predict/predict-page'),
  '/model': () => import('../features/model/model-page'),
  '/data-health': () => import('../features/data-health/data-health-page'),
  '/policies': () => import('../features/policies/policies-page'),
  '/replays': () => import('../features/replay/replay-page'),
} as const satisfies Readonly<Record<string, Load>>;

const arrived = new Map<string, ComponentType>();

/** The page of a path, where `loadPageOf` has fetched it. */
export function pageThatArrived(path: string): ComponentType | undefined {
  return arrived.get(path);
}

/** Fetches the page of this address; nothing when it has no file of its own. */
export async function loadPageOf(pathname: string): Promise<void> {
  const parts = pathname.slice(BASE_PATH.length).split('/');
  const found = Object.entries(LOADERS).find(([path]) => {
    const wanted = path.split('/');
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith(':') || part === parts[at]);
  });
  if (found === undefined) return;
  const [path, load] = found;
  arrived.set(path, (await load()).default);
}
