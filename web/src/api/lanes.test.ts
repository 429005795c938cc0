import { describe, expect, it } from 'vitest';
import { inLane } from './lanes';

const pause = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A question that is answered when the test says so. */
function question() {
  let answer: () => void = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const asked = { now: false };
  const ask = () => {
    asked.now = true;
    return answered;
  };
  return { ask, asked, answer };
}

describe('lanes for questions', () => {
  it('leaves two of six connections free, and goes on in order', async () => {
    const all = Array.from({ length: 6 }, question);
    const done = all.map(({ ask }) => inLane(ask));
    await pause();
    expect(all.map(({ asked }) => asked.now)).toEqual([true, true, true, true, false, false]);
    all[2]?.answer();
    await pause();
    expect(all.map(({ asked }) => asked.now)).toEqual([true, true, true, true, true, false]);
    for (const { answer } of all) answer();
    await Promise.all(done);
  });

  it('never asks what was aborted while it waited, and frees the lane of what failed', async () => {
    const held = Array.from({ length: 4 }, question);
    const done = held.map(({ ask }) => inLane(ask));
    const [late, last] = [question(), question()];
    const leaving = new AbortController();
    const left = inLane(late.ask, leaving.signal);
    const waited = inLane(last.ask);
    leaving.abort();
    await expect(left).rejects.toBe(leaving.signal.reason);
    for (const { answer } of held) answer();
    await Promise.all(done);
    await pause();
    expect([late.asked.now, last.asked.now]).toEqual([false, true]);
    last.answer();
    await waited;
    await expect(inLane(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(Promise.all([1, 2, 3, 4, 5].map((n) => inLane(async () => n)))).resolves.toEqual([1, 2, 3, 4, 5]);
  });
});
