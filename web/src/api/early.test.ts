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

describe('what is asked early', () => {
  it('answers the first who asks, and nobody else', async () => {
    const count = counted();
    askEarly(MODELS);
    expect(await listModels(signal)).toEqual({ models: [] });
    expect(count.times).toBe(1);
    await listModels(signal);
    expect(count.times).toBe(2);
  });

  it('is forgotten when it is old', async () => {
    const count = counted();
    askEarly(MODELS);
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 6_000);
    await listModels(signal);
    expect(count.times).toBe(2);
  });

  it('takes turns, so that services which hang leave a way for files', async () => {
    const answers: (() => void)[] = [];
    const asking = vi
      .spyOn(globalThis, 'fetch')
      .mockImplementation(() => new Promise((resolve) => answers.push(() => resolve(HttpResponse.json({})))));
    for (let at = 0; at < 6; at++) askEarly(`${MODELS}/${at}`);
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(4));
    answers[0]?.();
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(5));
    for (const answer of answers) answer();
    await vi.waitFor(() => expect(asking).toHaveBeenCalledTimes(6));
    answers[5]?.();
  });

  it('fails as any question does, and not before somebody asks', async () => {
    server.use(http.get(MODELS, () => HttpResponse.error()));
    askEarly(MODELS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(listModels(signal)).rejects.toBeInstanceOf(ApiError);
    expect(takeEarly(MODELS)).toBeUndefined();
  });
});
