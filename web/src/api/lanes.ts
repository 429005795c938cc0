/**
 * How many questions a page asks at a time. Over HTTP/1.1 a browser has six connections to a server: the live stream
 * keeps one, and one has to stay free for pages, scripts and what the operator does, even while a slow service holds
 * all the questions it was asked.
 */
const LANES = 4;

interface Lanes {
  readonly waiting: (() => void)[];
  busy: number;
}

declare global {
  var pmLanes: Lanes | undefined;
}

// The first script (`first.ts`) and the application are two programs with a copy of this module each, and ask one server.
globalThis.pmLanes ??= { waiting: [], busy: 0 };
const lanes = globalThis.pmLanes;

/** The result of `ask`, begun as soon as a lane is free; a question that is aborted before is never asked. */
export async function inLane<T>(ask: () => Promise<T>, signal?: AbortSignal | null): Promise<T> {
  if (lanes.busy < LANES) lanes.busy += 1;
  else await turn(signal);
  try {
    return await ask();
  } finally {
    const next = lanes.waiting.shift();
    if (next === undefined) lanes.busy -= 1;
    else next();
  }
}

/** Resolves when a lane is handed over; rejects as `fetch` does when it is aborted. */
function turn(signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      lanes.waiting.splice(lanes.waiting.indexOf(enter), 1);
      reject(signal?.reason);
    };
    const enter = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    signal?.throwIfAborted();
    signal?.addEventListener('abort', leave, { once: true });
    lanes.waiting.push(enter);
  });
}
