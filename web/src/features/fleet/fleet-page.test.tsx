import { screen, waitFor, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MachineSummary } from '../../api/types';
import { changePrefs } from '../../lib/prefs';
import { alarm, FakeAlarms } from '../../test/fake-alarms';
import { machineList, problem, server, stream, summary } from '../../test/fake-api';
import heat from '../../test/fixtures/heat-assessment.json';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const FAILING: MachineSummary = summary('M18096', {
  last: {
    event_id: heat.event_id,
    observed_at: heat.observed_at,
    failure_probability: 0.9,
    anomaly: false,
    anomaly_score: 0.6,
    prediction: 1,
    status: 'assessed',
    top_mode: 'HDF',
    top_reason: { feature: 'rotational_speed', value: 1342, unit: 'rpm', contribution: 0.37 },
  },
});
const MUTE: MachineSummary = summary('L47230', {
  line: 'Line 2',
  state: 'cannot_judge',
  state_reason: { code: 'wrong_unit_suspected', detail: '29 K', since: heat.observed_at },
});
const FLEET = {
  ids: ['M18096', 'L47230', 'H10001'],
  // Heat is predicted for the first, the second cannot be judged.
  columns: { probability: [900, 0, 0], condition: [(1 << 3) | (1 << 5), 4, 0] },
};

function serve(machines: readonly MachineSummary[] = [FAILING, MUTE, summary('H10001')]) {
  server.use(
    http.get('/gateway/stream', () => stream(FLEET)),
    http.get('/gateway/machines', () => HttpResponse.json(machineList(machines))),
  );
}

describe('the fleet page', () => {
  it('keeps the place of its content while the stream has not answered', async () => {
    server.use(http.get('/gateway/stream', () => delay('infinite')));
    open('/');
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy();
    expect(screen.queryByText(/No machine has reported/)).toBeNull();
  });

  it('says what to do when no machine has reported', async () => {
    open('/');
    expect(await screen.findByText('No machine has reported yet.')).toBeTruthy();
    expect(screen.getByText(/\/ingest\/readings/)).toBeTruthy();
  });

  it('says that the server cannot be reached instead of loading for ever', async () => {
    server.use(http.get('/gateway/stream', () => HttpResponse.error()));
    open('/');
    expect(await screen.findByText('The server cannot be reached.')).toBeTruthy();
    expect(screen.queryByRole('status', { name: 'Loading' })).toBeNull();
    expect(screen.getByText(/live connection is interrupted/)).toBeTruthy();
  });

  it('marks what is shown as old, with its time, when the stream is cut', async () => {
    const answers = [() => stream({ ...FLEET, end: true })];
    serve();
    server.use(http.get('/gateway/stream', () => answers.pop()?.() ?? HttpResponse.error()));
    open('/');
    const queue = await screen.findByRole('region', { name: 'Needs attention' });
    expect(await within(queue).findByText(/^as of \d\d:\d\d:\d\d \(.* ago\)$/)).toBeTruthy();
    expect(within(queue).getByText('M18096')).toBeTruthy();
    expect(screen.getByText(/^Reconnecting/)).toBeTruthy();
  });

  it('goes on with live numbers, and shows the trace, while the registry is broken', async () => {
    serve();
    const trace = 'e6470c6c1dab6c6567f778a364f69da3';
    let isBroken = true;
    server.use(
      http.get('/gateway/machines', () =>
        isBroken
          ? problem(503, { code: 'store_unavailable', status: 503, detail: 'The store is away.', trace_id: trace })
          : HttpResponse.json(machineList([FAILING, MUTE, summary('H10001')])),
      ),
    );
    const { user } = open('/');
    const alert = await screen.findByRole('alert');
    expect(textOf(alert)).toContain('The store is away.');
    expect(textOf(alert)).toContain(trace);
    expect(screen.getByText('3 machines')).toBeTruthy();
    isBroken = false;
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  describe('with three machines', () => {
    beforeEach(() => serve());

    it('puts the failing machine first, with its reason in one line', async () => {
      open('/');
      const queue = await screen.findByRole('region', { name: 'Needs attention' });
      await within(queue).findByText(/rotational speed 1,342/i);
      const rows = within(queue).getAllByRole('listitem');
      expect(rows.map((row) => row.querySelector('a')?.getAttribute('href'))).toEqual([
        '/machines/M18096',
        '/machines/L47230',
      ]);
      expect(textOf(rows[0])).toContain('Heat dissipation failure 90 %');
      expect(textOf(rows[1])).toContain('the values look like another unit');
    });

    it('puts whom somebody looks after behind the others, and lets one take an alarm from the queue', async () => {
      changePrefs({ name: 'ann' });
      const fake = new FakeAlarms([alarm('b2'), alarm('c3', { machine_id: 'L47230', state: 'acknowledged' })]);
      server.use(...fake.handlers());
      const { user } = open('/');
      const queue = await screen.findByRole('region', { name: 'Needs attention' });
      await user.click(await within(queue).findByRole('button', { name: 'Ack the alarm of M18096' }));
      expect(await screen.findByText(/^Acknowledged: M18096/)).toBeTruthy();
      await waitFor(() => expect(within(queue).getAllByText('acknowledged')).toHaveLength(2));
    });

    it('counts every machine under exactly one filter, and filters by it', async () => {
      const { user } = open('/?view=table');
      const filters = within(await screen.findByRole('group', { name: 'Show' })).getAllByRole('button');
      const numbers = filters.map((filter) => filter.querySelector('.number')?.lastChild?.textContent);
      const [all = 0, ...parts] = numbers.map(Number);
      expect(parts.reduce((sum, count) => sum + count, 0)).toBe(all);
      await user.click(screen.getByRole('button', { name: /Failure predicted/ }));
      expect(location.search).toContain('show=attention');
    });

    it('offers to clear the filters when nothing matches', async () => {
      const { user } = open('/?q=nowhere');
      expect(await screen.findByText('0 of 3 machines match.')).toBeTruthy();
      await user.click(screen.getByRole('button', { name: 'Clear filters' }));
      expect(screen.queryByText('0 of 3 machines match.')).toBeNull();
      expect(location.search).toBe('');
    });

    it('says that nothing needs attention when all run normally', async () => {
      server.use(http.get('/gateway/stream', () => stream({ ids: ['H10001'] })));
      open('/');
      expect(await screen.findByText(/Nothing needs attention/)).toBeTruthy();
    });

    it('opens the one machine that is found, on Enter', async () => {
      const { user } = open('/');
      await user.type(await screen.findByRole('searchbox'), 'm180{Enter}');
      expect(location.pathname).toBe('/machines/M18096');
    });
  });
});
