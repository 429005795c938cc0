import { screen, waitFor, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { changePrefs } from '../../lib/prefs';
import { alarm, FakeAlarms } from '../../test/fake-alarms';
import { assessments, detail, problem, server } from '../../test/fake-api';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const ID = assessments.heat.machine_id;
const fresh = { ...assessments.heat, observed_at: new Date().toISOString() };

function serve(body: object) {
  server.use(http.get('/gateway/machines/:id', () => HttpResponse.json(body)));
}

describe('the machine page', () => {
  it('keeps the place of its content while the gateway has not answered', async () => {
    server.use(http.get('/gateway/machines/:id', () => delay('infinite')));
    open(`/machines/${ID}`);
    expect(await screen.findByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('tells state, modes, limits and the reasons in a sentence', async () => {
    serve(detail(fresh));
    open(`/machines/${ID}`);
    expect(await screen.findByRole('heading', { name: ID })).toBeTruthy();
    const modes = screen.getByRole('list', { name: 'Probability of each failure mode' });
    expect(textOf(within(modes).getByRole('button', { name: /Heat dissipation failure/ }))).toContain('60 %');
    expect(screen.getByText(/Mostly because of rotational speed 1,342/)).toBeTruthy();
    expect(textOf(screen.getByRole('region', { name: 'Published limits' }))).toContain('Limit exceeded');
  });

  it('adds the contributions up to the probability that it shows', async () => {
    serve(detail(fresh));
    open(`/machines/${ID}`);
    const why = await screen.findByRole('region', { name: 'Why' });
    const points = [...why.querySelectorAll('tbody tr, tfoot tr:first-child')].map((row) =>
      Number((row.lastElementChild?.textContent ?? '').replace('−', '-')),
    );
    const sum = points.reduce((total, value) => total + value, 0);
    expect(Math.abs(sum - fresh.failure_probability * 100)).toBeLessThan(0.5);
  });

  it('says what an unknown machine is, and leads back', async () => {
    server.use(
      http.get('/gateway/machines/:id', () =>
        problem(404, { status: 404, code: 'unknown_machine', detail: 'No machine has this id.' }),
      ),
    );
    open('/machines/M99999');
    expect(await screen.findByText('There is no machine M99999.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Back to the fleet' }).getAttribute('href')).toBe('/');
  });

  it('says that a registered machine has never reported', async () => {
    serve(detail(null, { state: 'never_seen' }));
    open('/machines/M1');
    expect(await screen.findByText(/registered but has never reported/)).toBeTruthy();
  });

  it('says why it cannot judge, and dates the last values that it could', async () => {
    const reason = { code: 'wrong_unit_suspected', detail: '29 K is 302.15 K in °C', since: '2026-11-24T02:10:00Z' };
    serve(detail(assessments.heat, { state: 'cannot_judge', state_reason: reason }));
    open(`/machines/${ID}`);
    expect(await screen.findByText('Cannot judge, because the values look like another unit')).toBeTruthy();
    expect(screen.getByText(/29 K is 302.15 K/)).toBeTruthy();
    expect(screen.getByText(/Since 02:10:00/)).toBeTruthy();
  });

  it('dates every panel of a machine that has gone silent', async () => {
    serve(detail(assessments.heat, { state: 'stale' }));
    open(`/machines/${ID}`);
    const why = await screen.findByRole('region', { name: 'Why' });
    expect(within(why).getByText(/^as of 02:00:01/)).toBeTruthy();
  });

  it('warns about values outside of the training data, and still gives the numbers', async () => {
    const outside = [{ signal: 'torque', value: 90, low: 2, high: 80 }];
    serve(detail({ ...fresh, status: 'outside_training_data', outside }));
    open(`/machines/${ID}`);
    expect(await screen.findByText('Outside the range of the training data')).toBeTruthy();
    expect(screen.getByText(/Torque 90/)).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Why' })).toBeTruthy();
  });

  it('goes on without the trends when the history is broken', async () => {
    serve(detail(fresh));
    server.use(
      http.get('/gateway/machines/:id/timeline', () =>
        problem(503, { status: 503, code: 'store_unavailable', detail: 'The store is away.' }),
      ),
    );
    open(`/machines/${ID}`);
    expect(await screen.findByText('The store is away.')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Why' })).toBeTruthy();
  });

  it('says that the range holds no readings', async () => {
    serve(detail(fresh));
    const signals = Object.fromEntries(Object.keys(fresh.signals).map((name) => [name, []]));
    server.use(
      http.get('/gateway/machines/:id/timeline', () =>
        HttpResponse.json({ observed_at: [], failure_probability: [], anomaly_score: [], prediction: [], signals }),
      ),
    );
    open(`/machines/${ID}`);
    expect(await screen.findByText('No readings in this range.')).toBeTruthy();
  });

  it('puts what waits for somebody before the pictures, and takes it by key', async () => {
    changePrefs({ name: 'ann' });
    const fake = new FakeAlarms([alarm('b2', { machine_id: ID }), alarm('c3', { machine_id: 'H20001' })]);
    serve(detail(fresh));
    server.use(...fake.handlers());
    const { user } = open(`/machines/${ID}`);
    const panel = await screen.findByRole('region', { name: 'Alarms of this machine' });
    expect(within(panel).getAllByRole('listitem')).toHaveLength(1);
    const why = screen.getByRole('region', { name: 'Why' });
    await waitFor(() =>
      expect(
        screen.getByRole('region', { name: 'Alarms of this machine' }).compareDocumentPosition(why) &
          Node.DOCUMENT_POSITION_FOLLOWING,
      ).toBeTruthy(),
    );
    await user.keyboard('a');
    expect(await screen.findByText(new RegExp(`^Acknowledged: ${ID}`))).toBeTruthy();
    expect(fake.done).toHaveLength(1);
  });

  it('shows the trends as a table too', async () => {
    serve(detail(fresh));
    const { user } = open(`/machines/${ID}`);
    await user.click(await screen.findByRole('button', { name: 'Show as table' }));
    const table = within(screen.getByRole('region', { name: 'Trends' })).getByRole('table');
    const heads = within(table).getAllByRole('columnheader');
    expect(heads).toHaveLength(Object.keys(fresh.signals).length + 3);
    expect(within(table).getAllByRole('row').length).toBeGreaterThan(50);
  });

  it('keeps the chosen range in the URL', async () => {
    serve(detail(fresh));
    const { user } = open(`/machines/${ID}`);
    await user.click(await screen.findByRole('radio', { name: '8 h' }));
    await waitFor(() => expect(location.search).toBe('?range=8h'));
  });

  it('says that the server cannot be reached', async () => {
    server.use(http.get('/gateway/machines/:id', () => HttpResponse.error()));
    open(`/machines/${ID}`);
    expect(textOf(await screen.findByRole('alert'))).toContain('The server cannot be reached.');
    expect(screen.getByText(/Tries again in \d+ s\./)).toBeTruthy();
  });
});
