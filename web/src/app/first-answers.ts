/** A page is drawn once and whole where its answers come in time, and not first as grey bars and then again. */

import { schemaQuery } from '../api/schema-query';
import type { Start } from '../live/start';
import { loadPageOf } from './load-page';

/** After this people see that something is on its way. */
const PATIENCE_MS = 150;

/** Resolves when the page of this address is there, with its first answers or without those that take too long. */
export async function firstAnswers(pathname: string, { queries, live }: Omit<Start, 'id'>): Promise<void> {
  const page = await loadPageOf(pathname);
  const asked = [queries.prefetchQuery(schemaQuery()), page?.first?.({ queries, live, id: page.id })];
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([Promise.allSettled(asked), patience]);
}
