/**
 * How many questions a page asks at a time. Over HTTP/1.1 a browser has six connections to a server: the live stream
 * keeps one, and one has to stay free for pages, scripts and what the operator does, even while a slow service holds
 * all the questions it was asked.
 */
const LANES = 4;

const waiting: (() => void)[] = [];
let busy = 0;

/** The result of `ask`, begun as soon as a lane is free; a question that is aborted before is never asked. */
export async function inLane<T>(ask: () => Promise<T>, signal?: AbortSignal | null): Promise<T> {
  if (busy < LANES) busy += 1;
  else await turn(signal);
  try {
    return await ask();
  } finally {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else next();
  }
}

/** Resolves when a lane is handed over; rejects as `fetch` does when it is aborted. */
function turn(signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(signal?.reason);
    };
    const enter = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    signal?.throwIfAborted();
    signal?.addEventListener('abort', leave, { once: true });
    waiting.push(enter);
  });
}
