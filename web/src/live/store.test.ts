import { HttpResponse, http } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { server, stream } from '../test/fake-api';
import heat from '../test/fixtures/heat-assessment.json';
import { LiveStore } from './store';

describe('the live store', () => {
  it('follows the stream and resumes after a cut with the last id', async () => {
    const seen: (string | null)[] = [];
    server.use(
      http.get('/gateway/stream', ({ request }) => {
        seen.push(request.headers.get('last-event-id'));
        return stream(seen.length === 1 ? { ids: ['A', 'B'], lastId: 'x-9', end: true } : { ids: [] });
      }),
    );
    const store = new LiveStore();
    const stop = store.start();
    await vi.waitFor(() => expect(seen).toEqual([null, 'x-9']), 5000);
    expect(store.fleet.ids).toEqual(['A', 'B']);
    stop();
  });

  it('starts over without an id after a frame that does not fit', async () => {
    const seen: (string | null)[] = [];
    const wrong = 'id: x-2\nevent: frame\ndata: {"index":[99]}\n\n';
    server.use(
      http.get('/gateway/stream', ({ request }) => {
        seen.push(request.headers.get('last-event-id'));
        return stream(seen.length === 1 ? { ids: ['A'], more: wrong } : { ids: ['A', 'B'] });
      }),
    );
    const store = new LiveStore();
    const stop = store.start();
    await vi.waitFor(() => expect(store.fleet.size).toBe(2), 5000);
    expect(seen).toEqual([null, null]);
    stop();
  });

  it('waits as long as a full server asks', async () => {
    let asked = 0;
    server.use(
      http.get('/gateway/stream', () => {
        asked += 1;
        return new HttpResponse(null, { status: 503, headers: { 'retry-after': '30' } });
      }),
    );
    const store = new LiveStore();
    const stop = store.start();
    await vi.waitFor(() => expect(store.link.brokenAtMs).not.toBeNull());
    expect(asked).toBe(1);
    expect(store.isCut()).toBe(true);
    stop();
  });

  it('tells whoever follows a machine of each beginning, gives whole assessments, and remembers the newest', async () => {
    const event = `event: assessment\ndata: ${JSON.stringify(heat)}\n\n`;
    const asked: (string | null)[] = [];
    server.use(
      http.get('/gateway/stream', ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('machine'));
        return stream({ ids: [heat.machine_id], more: event });
      }),
    );
    const store = new LiveStore();
    const stop = store.start();
    const got: string[] = [];
    const unfollow = store.follow(heat.machine_id, {
      assessed: ({ event_id }) => got.push(event_id),
      opened: () => got.push('opened'),
    });
    await vi.waitFor(() => expect(got).toEqual(['opened', heat.event_id]), 5000);
    expect(asked.at(-1)).toBe(heat.machine_id);
    expect(store.latest(heat.machine_id)?.event_id).toBe(heat.event_id);
    expect(store.latest('other')).toBeNull();
    unfollow();
    await vi.waitFor(() => expect(asked.at(-1)).toBeNull(), 5000);
    stop();
  });

  it('tells of alarms at each connection, and whenever the stream says that some have changed', async () => {
    const event = 'event: alarms\ndata: {"alarms":[{"alarm_id":"a1","machine_id":"A"}]}\n\n';
    server.use(http.get('/gateway/stream', () => stream({ ids: ['A'], more: event })));
    const store = new LiveStore();
    let told = 0;
    store.onAlarms(() => {
      told += 1;
    });
    const stop = store.start();
    await vi.waitFor(() => expect(told).toBe(2), 5000);
    stop();
  });
});
