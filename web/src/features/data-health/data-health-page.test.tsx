import { screen, waitFor, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import type { DataHealth } from '../../api/types';
import { dataHealth, problem, server, stream, summary } from '../../test/fake-api';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const region = (name: string) => screen.findByRole('region', { name });

function serve(change: Partial<DataHealth>) {
  server.use(
    http.get('/gateway/data-health', () => HttpResponse.json(dataHealth(change))),
    http.get('/gateway/stream', () => stream({ ids: ['M1'] })),
  );
}

const AT = '2026-11-24T02:10:00Z';
const SAMPLE = {
  id: 'a',
  origin: 'pm.readings/0@17',
  detail: 'air_temperature 29 K is outside 255 to 335 K',
  service: 'inference',
  machine_id: 'M1',
  refused_at: AT,
  value_start: '{"machine_id":"M1","air_temperature":29}',
};
const LETTERS = [
  { code: 'malformed_json', count: 1, open: 0, redriven: 1, last_at: AT, samples: [] },
  { code: 'wrong_unit_suspected', count: 12, open: 9, redriven: 3, last_at: AT, samples: [SAMPLE] },
];

describe('the page about the flow of data', () => {
  it('keeps the place of its content while nothing has answered', async () => {
    server.use(http.get('/gateway/data-health', () => delay('infinite')));
    open('/data-health');
    expect(await screen.findByRole('heading', { name: 'Data health' })).toBeTruthy();
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('says that data flows, with rate, wait and lag', async () => {
    serve({});
    open('/data-health');
    const flow = await region('From the machine to this screen');
    await within(flow).findByText('Data flows.');
    expect(textOf(flow)).toContain('3 of 3 report');
    expect(textOf(flow)).toContain('3.0 readings/s stored');
    expect(textOf(flow)).toContain('95 % through within 0.31 s');
    expect(textOf(flow)).toContain('2 waiting');
  });

  it('names the sick stage', async () => {
    serve({ rates: { one_minute: 0, five_minutes: 2 } });
    open('/data-health');
    const flow = await region('From the machine to this screen');
    expect(await within(flow).findByText('One stage needs a look.')).toBeTruthy();
    expect(within(flow).getByText('Nothing was stored in the last minute.')).toBeTruthy();
  });

  it('says that nothing was refused, and that nobody is silent', async () => {
    serve({});
    open('/data-health');
    expect(textOf(await region('Refused for good'))).toContain('No record was ever refused.');
    expect(textOf(await region('Longest silent'))).toContain('Every machine reports.');
  });

  it('shows dead letters by reason, the most frequent first, with a sample', async () => {
    serve({ dead_letters: LETTERS });
    const { user } = open('/data-health');
    const panel = await region('Refused for good');
    const codes = [...panel.querySelectorAll('code')].map((code) => code.textContent);
    expect(codes).toEqual(['wrong_unit_suspected', 'malformed_json']);
    await user.click(within(panel).getByText('The newest one'));
    expect(within(panel).getByText(SAMPLE.value_start)).toBeTruthy();
    expect(within(panel).getByText(SAMPLE.detail)).toBeTruthy();
  });

  it('sends the open ones of a reason again, under one key, and says what became of it', async () => {
    serve({ dead_letters: LETTERS });
    const asked: { key: string | null; body: unknown }[] = [];
    server.use(
      http.post('/gateway/dead-letters/redrive', async ({ request }) => {
        asked.push({ key: request.headers.get('idempotency-key'), body: await request.json() });
        if (asked.length === 1) return HttpResponse.error();
        const letters = [
          { id: 'a', outcome: 'published' },
          { id: 'b', outcome: 'awaiting' },
        ];
        return HttpResponse.json({ redrive_id: 'r', published: 1, letters }, { status: 202 });
      }),
    );
    const { user } = open('/data-health');
    const panel = await region('Refused for good');
    await user.click(within(panel).getByRole('button', { name: 'Send 9 again' }));
    expect(await within(panel).findByText(/1 put back on their topic.*1 were left alone/)).toBeTruthy();
    expect(asked.map(({ body }) => body)).toEqual(Array(2).fill({ code: 'wrong_unit_suspected', limit: 9 }));
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    expect(asked[0]?.key).toMatch(/[0-9a-f-]{36}/);
  });

  it('says when nothing could be sent again, and offers no button where nothing is open', async () => {
    serve({ dead_letters: LETTERS });
    server.use(
      http.post('/gateway/dead-letters/redrive', () =>
        problem(422, { status: 422, code: 'malformed', detail: 'There is no such reason.' }),
      ),
    );
    const { user } = open('/data-health');
    const panel = await region('Refused for good');
    await user.click(within(panel).getByRole('button', { name: 'Send 9 again' }));
    expect(textOf(await within(panel).findByRole('alert'))).toContain('There is no such reason.');
    expect(within(panel).getAllByRole('button')).toHaveLength(1);
  });

  it('leads to the machine that is silent longest, and leaves out who reports', async () => {
    serve({
      longest_silent: [
        summary('M9', { state: 'offline', age_s: 7200 }),
        summary('M8', { state: 'never_seen', age_s: null }),
        summary('M7', { state: 'live', age_s: 0.4 }),
      ],
    });
    open('/data-health');
    const links = within(await region('Longest silent')).getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['/machines/M9', '/machines/M8']);
  });

  it('keeps the last numbers, dated, when the gateway goes away', async () => {
    let isAway = false;
    server.use(
      http.get('/gateway/data-health', () => {
        if (isAway) return problem(503, { status: 503, code: 'store_unavailable', detail: 'The store is away.' });
        isAway = true;
        return HttpResponse.json(dataHealth());
      }),
    );
    open('/data-health');
    expect(textOf(await screen.findByRole('alert'))).toContain('The store is away.');
    const flow = await region('From the machine to this screen');
    await waitFor(() => expect(textOf(flow)).toMatch(/as of \d\d:\d\d:\d\d/));
    expect(textOf(flow)).toContain('3 of 3 report');
  });
});
