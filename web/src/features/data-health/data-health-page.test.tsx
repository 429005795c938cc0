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
    const last_at = '2026-11-24T02:10:00Z';
    const sample = {
      origin: 'pm.readings/0@17',
      detail: 'air_temperature 29 K is outside 255 to 335 K',
      service: 'inference',
      machine_id: 'M1',
      refused_at: last_at,
      value_start: '{"machine_id":"M1","air_temperature":29}',
    };
    serve({
      dead_letters: [
        { code: 'malformed_json', count: 1, last_at, samples: [] },
        { code: 'wrong_unit_suspected', count: 12, last_at, samples: [sample] },
      ],
    });
    const { user } = open('/data-health');
    const panel = await region('Refused for good');
    const codes = [...panel.querySelectorAll('code')].map((code) => code.textContent);
    expect(codes).toEqual(['wrong_unit_suspected', 'malformed_json']);
    await user.click(within(panel).getByText('The newest one'));
    expect(within(panel).getByText(sample.value_start)).toBeTruthy();
    expect(within(panel).getByText(sample.detail)).toBeTruthy();
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
