/**
 * What a page needs first is asked for while the application is still on its way (`first.ts`), and handed over when the
 * page asks for it: the journey there and back is over by then.
 */

import { atBase } from '../lib/base-path';
import { inLane } from './lanes';

/** An answer that nobody took for as long is old: who asks later asks anew. */
const KEPT_MS = 5_000;

const asked = new Map<string, { readonly answer: Promise<Response>; readonly atMs: number }>();

/** Asks for `path` (`/gateway/…` with its query) before anybody needs it, in its turn: the page's own files need a way too. */
export function askEarly(path: string): void {
  const answer = inLane(() => fetch(atBase(path)));
  // Whoever takes it hears of it.
  answer.catch(() => {});
  asked.set(path, { answer, atMs: performance.now() });
}

/** The answer to a question that was asked early; only the first who asks gets it. */
export function takeEarly(path: string): Promise<Response> | undefined {
  const found = asked.get(path);
  asked.delete(path);
  return found !== undefined && performance.now() - found.atMs < KEPT_MS ? found.answer : undefined;
}
