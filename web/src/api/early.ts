/**
 * What a page needs first is asked for while the application is still on its way (`first.ts`), and handed over when the
 * page asks for it: the journey there and back is over by then.
 */

import { atBase } from '../lib/base-path';
import { inTask } from '../lib/in-task';
import { inLane } from './lanes';

/** An answer that nobody took for as long is old: who asks later asks anew. */
const KEPT_MS = 5_000;

/** Asked at a time: the application itself and the page's files share the slow line with them. */
const AT_A_TIME = 2;

interface Early {
  /** Not asked yet, in order. */
  readonly rest: string[];
  readonly asked: Map<string, { readonly answer: Promise<Response>; readonly atMs: number }>;
  underWay: number;
}

declare global {
  var pmEarly: Early | undefined;
}

// The first script asks and the application takes: two programs of one page, each with its own copy of this module.
globalThis.pmEarly ??= { rest: [], asked: new Map(), underWay: 0 };
const early = globalThis.pmEarly;

/** Asks for paths (`/gateway/…` with their query) before anybody needs them, in their turn. */
export function askEarly(paths: readonly string[]): void {
  early.rest.push(...paths);
  inTask(goOn);
}

function goOn(): void {
  if (early.underWay >= AT_A_TIME) return;
  const path = early.rest.shift();
  if (path === undefined) return;
  early.underWay += 1;
  const answer = inLane(() => fetch(atBase(path)));
  early.asked.set(path, { answer, atMs: performance.now() });
  const next = () => {
    early.underWay -= 1;
    inTask(goOn);
  };
  // That it failed hears whoever takes it.
  answer.then(next, next);
  inTask(goOn);
}

/** The answer to a question that was asked early; only the first who asks gets it. What is still in the queue leaves it. */
export function takeEarly(path: string): Promise<Response> | undefined {
  const turn = early.rest.indexOf(path);
  if (turn >= 0) early.rest.splice(turn, 1);
  const found = early.asked.get(path);
  early.asked.delete(path);
  return found !== undefined && performance.now() - found.atMs < KEPT_MS ? found.answer : undefined;
}
