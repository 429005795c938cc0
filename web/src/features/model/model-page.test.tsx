import { screen, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { alarmRate } from '../../test/fake-alarm-rate';
import { modelSummary, problem, recentSignals, server } from '../../test/fake-api';
import model from '../../test/fixtures/milling-model.json';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const { metrics } = model.manifest;
const region = (name: string | RegExp) => screen.findByRole('region', { name });

describe('the page about the model', () => {
  it('keeps the place of its content while nothing has answered', async () => {
    server.use(http.get('/api/models', () => delay('infinite')));
    open('/model');
    expect(await screen.findByRole('heading', { name: 'Model' })).toBeTruthy();
    expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  });

  it('says what to do when no model answers', async () => {
    server.use(http.get('/api/models', () => HttpResponse.json({ models: [] })));
    open('/model');
    expect(await screen.findByText('No model answers here.')).toBeTruthy();
  });

  it('puts the rules and the two that need no machine beside the model, in counts', async () => {
    open('/model');
    const panel = await region('How often its alarms are right');
    const rows = within(within(panel).getByRole('table')).getAllByRole('row').slice(1);
    const counts = rows.map((row) => [...row.querySelectorAll('td')].slice(0, 4).map((cell) => textOf(cell)));
    const expected = [metrics.alarm, metrics.rule_baseline, metrics.never_alarm, metrics.always_alarm];
    expect(counts).toEqual(
      expected.map(({ alarms, found, missed, false_alarms }) =>
        [alarms, found, missed, false_alarms].map((count) => count.toLocaleString('en')),
      ),
    );
    expect(textOf(panel)).toContain(`It found ${metrics.alarm.found} of ${metrics.failures} failures`);
  });

  it('counts the failures of each mode', async () => {
    open('/model');
    const table = within(await region('By failure mode')).getByRole('table');
    const [tool] = metrics.modes;
    const row = await within(table).findByRole('row', { name: /Tool wear failure/ });
    expect(textOf(row)).toContain(`${tool?.failures}${tool?.found}`);
  });

  it('says what the model cannot foresee', async () => {
    open('/model');
    expect(textOf(await region('What it is'))).toMatch(/Does not foresee.*Random failure/);
  });

  it('gives the reliability curve as a picture with a text and as a table', async () => {
    const { user } = open('/model');
    const panel = await region(/When it says/);
    expect(within(panel).getByRole('img', { name: /Share that really failed/ })).toBeTruthy();
    await user.click(within(panel).getByRole('button', { name: 'Show as table' }));
    const filled = metrics.reliability.filter(({ rows }) => rows > 0);
    expect(within(panel).getAllByRole('row')).toHaveLength(filled.length + 1);
  });

  it('shows the model that the URL names', async () => {
    const other = { ...modelSummary, name: 'press' };
    server.use(http.get('/api/models', () => HttpResponse.json({ models: [modelSummary, other] })));
    open('/model?name=press');
    const choice = await screen.findByRole('combobox', { name: 'Model' });
    expect(choice instanceof HTMLSelectElement && choice.value).toBe('press');
  });

  it('shows what failed, and the trace', async () => {
    const trace_id = 'e6470c6c1dab6c6567f778a364f69da3';
    server.use(
      http.get('/api/models', () =>
        problem(503, { status: 503, code: 'model_not_ready', detail: 'No model is loaded.', trace_id }),
      ),
    );
    open('/model');
    const alert = await screen.findByRole('alert');
    expect(textOf(alert)).toContain('No model is loaded.');
    expect(textOf(alert)).toContain(trace_id);
  });

  it('says which part of a manifest it cannot read', async () => {
    server.use(http.get('/api/models/:name', () => HttpResponse.json({ ...model, manifest: { name: 'milling' } })));
    open('/model');
    expect(textOf(await screen.findByRole('alert'))).toContain('data is not an object');
  });

  it('shows how far each signal is from the training data, what drifts first', async () => {
    server.use(http.get('/gateway/signals/milling', () => HttpResponse.json(recentSignals(1_200, { torque: 76 }))));
    const { user } = open('/model');
    const panel = await region(/still look like the training data/);
    await within(panel).findByText(/^Drifted away from the training data: .*Torque/);
    expect(within(panel).getAllByRole('img')[0]?.getAttribute('aria-label')).toMatch(/^Torque from/);
    await user.click(within(panel).getByRole('button', { name: 'Show as table' }));
    const [, first] = within(panel).getAllByRole('row');
    expect(first && textOf(first)).toMatch(/^Torque.*drifting/);
  });

  it('says how many readings are missing before drift can be told', async () => {
    server.use(http.get('/gateway/signals/milling', () => HttpResponse.json(recentSignals(320))));
    open('/model');
    expect(await screen.findByText('Not enough readings for drift (320 of 1,000).')).toBeTruthy();
  });

  const withRate = (change: Parameters<typeof alarmRate>[0]) =>
    server.use(http.get('/gateway/alarms/rate', () => HttpResponse.json(alarmRate(change))));
  const rate = () => region('How often alarms came');

  it('counts the alarms of thirty days, and says which version judged', async () => {
    open('/model');
    const panel = await rate();
    expect(await within(panel).findByText('30 alarms in the last 30 days, 1.0 a day.')).toBeTruthy();
    expect(textOf(panel)).toContain('Version 1.0 judged all the time.');
  });

  it('marks where another version took over, in the picture, in words and in the table', async () => {
    withRate({
      windows: Array.from({ length: 30 }, (_, day) => (day < 20 ? 9 : 2)),
      models: [
        { from: '2026-10-25T12:00:00Z', version: '1.0', digest: 'sha256:01' },
        { from: '2026-11-14T18:00:00Z', version: '2.0', digest: 'sha256:02' },
      ],
    });
    const { user } = open('/model');
    const panel = await rate();
    const picture = await within(panel).findByRole('img', { name: /^Alarms per day from .* at most 9;/ });
    expect(textOf(picture)).toBe('2.0');
    expect(textOf(panel)).toMatch(
      /Version 2.0 judges since 14 Nov 2026, 18:00:00\. On whole days since then: 2.0 alarms a day/,
    );
    await user.click(within(panel).getByRole('button', { name: 'Show as table' }));
    const rows = within(panel).getAllByRole('row').slice(1).map(textOf);
    expect(rows).toHaveLength(30);
    expect(rows.filter((row) => row.includes('2.0'))).toEqual([expect.stringMatching(/^14 Nov 2026, 12:00:00.*2/)]);
    expect(rows.at(-1)).toMatch(/^25 Oct 2026, 12:00:00.*9.*1.0/);
  });

  it('says that nothing was judged, and what failed', async () => {
    withRate({ windows: Array.from({ length: 30 }, () => 0), models: [] });
    const { unmount } = open('/model');
    expect(textOf(await rate())).not.toContain('Show as table');
    expect(await screen.findByText('No reading was judged in the last 30 days.')).toBeTruthy();
    unmount();
    server.use(
      http.get('/gateway/alarms/rate', () =>
        problem(400, { status: 400, code: 'malformed', detail: 'The rate is away.', trace_id: 'ab' }),
      ),
    );
    open('/model');
    expect(textOf(await within(await rate()).findByRole('alert'))).toContain('The rate is away.');
  });
});
