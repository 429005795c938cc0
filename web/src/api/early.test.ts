import { HttpResponse, http } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { server } from '../test/fake-api';
import { listModels } from './client';
import { askEarly, takeEarly } from './early';
import { ApiError } from './errors';
import { MODELS } from './paths';

const { signal } = new AbortController();

/** How often the models were asked for. */
function counted(): { times: number } {
  const count = { times: 0 };
  server.use(
    http.get(MODELS, () => {
      count.times += 1;
      return HttpResponse.json({ models: [] });
    }),
  );
  return count;
}

/** Questions that are answered when the test says so. */
function held() {
  const answers: (() => void)[] = [];
  const asking = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() => new Promise((resolve) => answers.push(() => resolve(HttpResponse.json({})))));
  return { asking, answers };
}

describe('what is asked early', () => {
  it('answers the first who asks, and nobody else', async () => {
    const count = counted();
    askEarly([MODELS]);
    await vi.waitFor(() => expect(count.times).toBe(1));
    expect(await listModels(signal)).toEqual({ models: [] });
    expect(count.times).toBe(1);
    await listModels(signal);
    expect(count.times).toBe(2);
  });

  it('is forgotten when it is old', async () => {
    const count = counted();
    askEarly([MODELS]);
    await vi.waitFor(() => expect(count.times).toBe(1));
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 6_000);
    await listModels(signal);
    expect(count.times).toBe(2);
  });

  it('is asked two at a time: the files of the page need a way too', async () => {
    const { asking, answers } = held();
    askEarly([1, 2, 3, 4].map((at) => `${MODELS}/${at}`));
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(2));
    answers[0]?.();
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(3));
    for (const answer of answers) answer();
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(4));
    answers[3]?.();
  });

  it('leaves the queue when somebody asks before its turn', async () => {
    const { asking, answers } = held();
    askEarly(['a', 'b', 'c'].map((name) => `${MODELS}/${name}`));
    expect(takeEarly(`${MODELS}/b`)).toBeUndefined();
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(2));
    expect(asking.mock.calls.map(([path]) => path)).toEqual([`${MODELS}/a`, `${MODELS}/c`]);
    for (const answer of answers) answer();
  });

  it('fails as any question does, and not before somebody asks', async () => {
    server.use(http.get(MODELS, () => HttpResponse.error()));
    askEarly([MODELS]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(listModels(signal)).rejects.toBeInstanceOf(ApiError);
    expect(takeEarly(MODELS)).toBeUndefined();
  });
});
