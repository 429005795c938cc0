import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReplayItem, ReplayRequest } from '../../api/types';
import { changePrefs } from '../../lib/prefs';
import { problem, server } from '../../test/fake-api';
import { replayDiff, replayItem, result } from '../../test/fake-policies';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const button = (name: string | RegExp) => screen.findByRole('button', { name });

afterEach(() => changePrefs({ name: '' }));

/** Serves one replay, as it is at that moment. */
function serve(now: () => ReplayItem) {
  server.use(
    http.get('/gateway/replays', () => HttpResponse.json({ replays: [now()], next_cursor: null })),
    http.get('/gateway/replays/:id', () => HttpResponse.json(now())),
    http.get('/gateway/replays/:id/diff', () => HttpResponse.json(replayDiff({ is_complete: now().state === 'done' }))),
  );
}

describe('the page about replays', () => {
  it('says that nothing was replayed yet, and that live alarms stay as they are', async () => {
    open('/replays');
    expect(await screen.findByText('Nothing has been replayed yet.')).toBeTruthy();
    expect(screen.getByText('Live alarms are never touched by a replay.')).toBeTruthy();
  });

  it('asks for the time, the policy and the model that were chosen, and follows the replay to its end', async () => {
    const asked: ReplayRequest[] = [];
    let item = replayItem({ state: 'queued', progress: 0, machines_done: 0 });
    server.use(
      http.get('/gateway/models', () =>
        HttpResponse.json({
          models: [{ name: 'milling', equipment: 'milling', version: 'v9', digest: 'sha256:99', is_live: false }],
        }),
      ),
      http.post<never, ReplayRequest>('/gateway/replays', async ({ request }) => {
        asked.push(await request.json());
        return HttpResponse.json(item, { status: 202 });
      }),
    );
    changePrefs({ name: 'Bo' });
    const { user } = open('/replays');
    const policy = await screen.findByRole('combobox', { name: 'Policy' });
    await screen.findByRole('option', { name: 'Version 1: the policy that ships' });
    await user.selectOptions(policy, '1');
    await screen.findByRole('option', { name: 'Model v9' });
    await user.selectOptions(screen.getByRole('combobox', { name: 'Scores' }), 'sha256:99');
    serve(() => item);
    await user.click(await button('Start'));
    const panel = await screen.findByRole('region', { name: 'One replay' });
    expect(new URLSearchParams(location.search).get('id')).toBe(item.replay_id);
    expect(asked).toMatchObject([{ equipment: 'milling', policy_version: 1, model: 'sha256:99', actor: 'Bo' }]);
    const [one] = asked;
    expect(Date.parse(one?.to ?? '') - Date.parse(one?.from ?? '')).toBe(3_600_000);

    item = replayItem();
    expect(await within(panel).findByText(/Progress 40/)).toBeTruthy();
    expect(await within(panel).findByText(/only what has run by now is compared/)).toBeTruthy();
    item = replayItem({ state: 'done', progress: 1, machines_done: 50, result });
    expect(await within(panel).findByText('Byte for byte what happened live.')).toBeTruthy();
    expect(await within(panel).findByText(/1 come, 3 go/)).toBeTruthy();
    expect(within(panel).queryByText(/only what has run by now/)).toBeNull();
  });

  it('stops a replay, and goes on with it', async () => {
    let item = replayItem();
    serve(() => item);
    server.use(
      http.post('/gateway/replays/:id/:what', ({ params }) => {
        item = replayItem({ state: params['what'] === 'cancel' ? 'cancelled' : 'running' });
        return HttpResponse.json(item);
      }),
    );
    const { user } = open(`/replays?id=${item.replay_id}`);
    await user.click(await button('Cancel'));
    await user.click(await button('Go on'));
    expect(await button('Cancel')).toBeTruthy();
  });

  it('says what keeps it, why it failed, and where it parts from live', async () => {
    serve(() => replayItem({ waits_for: 'no service scores with that model' }));
    const { unmount } = open(`/replays?id=${replayItem().replay_id}`);
    expect(await screen.findByText('Waits: no service scores with that model')).toBeTruthy();
    unmount();
    const differs = { ...result, equals_live: false, transitions: 40, first_difference: 'M18096 number 3' };
    serve(() => replayItem({ state: 'failed', error: 'the model is gone', result: differs }));
    open(`/replays?id=${replayItem().replay_id}`);
    expect(await screen.findByText('Failed: the model is gone')).toBeTruthy();
    expect(await screen.findByText('40 transitions; live had 44.')).toBeTruthy();
    expect(screen.getByText('They part at M18096 number 3.')).toBeTruthy();
  });

  it('keeps the form when the gateway refuses', async () => {
    server.use(
      http.post('/gateway/replays', () =>
        problem(409, { status: 409, code: 'too_many_replays', detail: '20 replays wait or run already' }),
      ),
    );
    changePrefs({ name: 'Bo' });
    const { user } = open('/replays');
    await user.click(await button('Start'));
    expect(textOf(await screen.findByRole('alert'))).toContain('20 replays wait or run already');
    expect(await button('Start')).toBeTruthy();
  });
});
