/**
 * The first script: it stands in the page itself and runs before the application has arrived. The files of the page of this
 * address are fetched beside the application and not after it, and so are the answers that it shows first.
 */

import { askEarly } from './api/early';
import { PAGES, pageOf, questionsOf } from './app/pages';
import { atBase, belowBase } from './lib/base-path';
import { inTask } from './lib/in-task';

/** The files of each page beside the application, by its module: only the build knows them (`scripts/first-script.ts`). */
declare const PAGE_FILES: Readonly<Record<string, readonly string[]>>;

const page = pageOf(belowBase(location.pathname));
if (page !== undefined) {
  for (const file of PAGE_FILES[PAGES[page.path].module] ?? []) inTask(() => preload(file));
  askEarly(questionsOf(page, location.search));
}

function preload(file: string): void {
  const link = document.createElement('link');
  link.rel = 'modulepreload';
  link.crossOrigin = '';
  link.href = atBase(`/${file}`);
  document.head.append(link);
}
