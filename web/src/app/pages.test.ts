import { waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { server } from '../test/fake-api';
import { replayDiff, replayItem } from '../test/fake-policies';
import { open } from '../test/render';
import { loadPage, loadPageOf, pageThatArrived } from './load-page';
import { PAGES, pageOf, questionsOf } from './pages';

describe('the page of an address', () => {
  it('is fetched with what its path names, and no other', async () => {
    expect((await loadPageOf('/alarms/0123'))?.id).toBe('0123');
    expect(pageThatArrived('/alarms/:id')).toBe((await loadPage('/alarms/:id')).default);
    expect(pageThatArrived('/alarms')).toBeUndefined();
    expect((await loadPageOf('/alarms/%E0%A4'))?.id).toBe('%E0%A4');
  });

  it('is none for an address that no page has', async () => {
    for (const path of ['/nothing', '/alarms/1/2', '']) expect(await loadPageOf(path)).toBeUndefined();
  });

  const replay = replayItem({ state: 'done' });
  it.each([
    ...Object.keys(PAGES).map((path) => path.replace(':id', 'M18096')),
    '/alarms?tab=history',
    `/replays?id=${replay.replay_id}`,
  ])('is asked early for nothing that %s does not ask for', async (address) => {
    server.use(
      http.get('/gateway/replays/:id', () => HttpResponse.json(replay)),
      http.get('/gateway/replays/:id/diff', () => HttpResponse.json(replayDiff())),
    );
    const { pathname, search } = new URL(address, 'http://localhost');
    const page = pageOf(pathname);
    const asked = page === undefined ? [] : questionsOf(page, search);
    expect(asked).toContain('/api/schema/milling');
    const asking = vi.spyOn(globalThis, 'fetch');
    open(address);
    await waitFor(() => expect(asking.mock.calls.map(([path]) => path)).toEqual(expect.arrayContaining([...asked])), {
      timeout: 5_000,
    });
  });
});
