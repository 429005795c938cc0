/** Pages come in files of their own, which are fetched when their path is opened. */

import type { ComponentType } from 'react';
import { belowBase } from '../lib/base-path';
import type { Start } from '../live/start';
import { PAGES, type PagePath, pageOf } from './pages';

interface Page {
  readonly default: ComponentType;
  /** Asks for what the page shows first, so that it is drawn once and whole. */
  readonly first?: (start: Start) => Promise<unknown>;
}

const MODULES = import.meta.glob<Page>('../features/*/*-page.tsx');

const arrived = new Map<PagePath, ComponentType>();

/** Fetches the module of a page. */
export function loadPage(path: PagePath): Promise<Page> {
  const { module } = PAGES[path];
  const load = MODULES[`../features/${module}.tsx`];
  return load === undefined ? Promise.reject(new Error(`no page ${module}`)) : load();
}

/** The page of a path, where `loadPageOf` has fetched it. */
export function pageThatArrived(path: PagePath): ComponentType | undefined {
  return arrived.get(path);
}

/** Fetches the page of this address; nothing when no page has it. */
export async function loadPageOf(pathname: string): Promise<{ first?: Page['first']; id: string } | undefined> {
  const found = pageOf(belowBase(pathname));
  if (found === undefined) return undefined;
  const page = await loadPage(found.path);
  arrived.set(found.path, page.default);
  return { first: page.first, id: found.id };
}
