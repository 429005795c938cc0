import { screen, waitFor, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { changePrefs } from '../../lib/prefs';
import { alarm, FakeAlarms } from '../../test/fake-alarms';
import { problem, server } from '../../test/fake-api';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const HEAT = alarm('b2');
const PATH = `/alarms/${HEAT.alarm_id}`;

function serve(...alarms: Parameters<typeof alarm>[1][]): FakeAlarms {
  const fake = new FakeAlarms(alarms.length === 0 ? [HEAT] : alarms.map((change) => alarm('b2', change)));
  server.use(...fake.handlers());
  return fake;
}

const region = (name: string) => screen.findByRole('region', { name });

describe('an alarm', () => {
  beforeEach(() => changePrefs({ name: 'ann' }));

  it('says what to do, why it came, and what happened so far', async () => {
    serve();
    open(PATH);
    expect(await screen.findByRole('heading', { name: 'M18096 · Heat dissipation failure' })).toBeTruthy();
    const advice = await region('Advice');
    expect(textOf(advice)).toContain('Bring Heat dissipation from 8.10 K above 8.60 K (by 0.500 K).');
    await waitFor(() => expect(textOf(advice)).toContain('Main cause: Rotational speed 1,342 rpm'));
    expect(textOf(await region('Evidence at the raise'))).toContain('Torque');
    expect(textOf(await region('What happened'))).toContain('raised (score 90 %) by the system');
  });

  it.each([
    [0.02, 'Then the model says 2 %.'],
    [0.97, 'That clears this failure mode; because of another one the model still says 97 %.'],
  ])('says what is left after its advice: %s', async (failure_probability, says) => {
    const changes = (HEAT.advice?.changes ?? []).map((change) => ({ ...change, failure_probability }));
    serve({ advice: HEAT.advice === null ? null : { ...HEAT.advice, changes } });
    open(PATH);
    expect(textOf(await region('Advice'))).toContain(`(by 0.500 K). ${says}`);
  });

  it('changes its track record with the verdict', async () => {
    const fake = serve({ state: 'acknowledged' });
    const { user } = open(PATH);
    const record = await region('Track record');
    expect(textOf(record)).toContain('No verdict on such an alarm yet.');
    await user.click(screen.getByRole('button', { name: 'Verdict' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'What was found?' }));
    await user.click(dialog.getByRole('button', { name: 'Verdict' }));
    expect(dialog.getByText('Say what was found.')).toBeTruthy();
    await user.click(dialog.getByRole('radio', { name: 'was right' }));
    await user.type(dialog.getByRole('textbox', { name: 'Note (optional)' }), 'fan was stuck');
    await user.click(dialog.getByRole('button', { name: 'Verdict' }));
    await waitFor(() => expect(textOf(record)).toContain('1 of 1 were real; too few to say how often they are'));
    expect(textOf(record)).toContain('The alarm was right · Heat dissipation failure');
    expect(textOf(record)).toContain('said ann');
    expect(fake.done).toEqual([
      {
        action: 'verdict',
        version: null,
        body: {
          actor: 'ann',
          finding: 'confirmed',
          true_mode: 'HDF',
          failed_at: null,
          cost: null,
          down_h: 0,
          note: 'fan was stuck',
        },
      },
    ]);
  });

  it('asks for the verdict when it is closed, and gives it first', async () => {
    const fake = serve({ state: 'acknowledged' });
    const { user } = open(PATH);
    await user.click(await screen.findByRole('button', { name: 'Close alarm' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Close this alarm' }));
    await user.click(dialog.getByRole('radio', { name: 'was false' }));
    await user.type(dialog.getByRole('textbox', { name: 'Why' }), 'sensor');
    await user.click(dialog.getByRole('button', { name: 'Close alarm' }));
    await screen.findByText(/^Closed: M18096/);
    expect(fake.done.map(({ action }) => action)).toEqual(['verdict', 'close']);
  });

  it('hands over and gives back', async () => {
    const fake = serve({ assignee: 'ben' });
    const { user } = open(PATH);
    await user.click(await screen.findByRole('button', { name: 'Assign' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Who takes care of it?' }));
    await user.click(dialog.getByRole('button', { name: 'Assign' }));
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await screen.findByText('Undone.');
    expect(fake.done.map(({ body }) => body)).toMatchObject([{ assignee: 'ann' }, { assignee: 'ben' }]);
  });

  it('acknowledges by key, and goes back to the list', async () => {
    const fake = serve();
    const { user } = open(PATH);
    await screen.findByRole('heading', { name: /M18096/ });
    await user.keyboard('a');
    await screen.findByText(/^Acknowledged/);
    expect(fake.done).toHaveLength(1);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(location.pathname).toBe('/alarms'));
  });

  it('saves the decision record as it came, and says when there is none', async () => {
    serve();
    const bytes = '{"format": 1,  "seals":{}}';
    const answers = [
      () => problem(404, { status: 404, code: 'no_decision_record', detail: 'It was not kept.' }),
      () => new HttpResponse(bytes, { headers: { 'content-type': 'application/json' } }),
    ];
    server.use(http.get('/gateway/alarms/:id/record', () => answers.shift()?.()));
    const saved: Blob[] = [];
    vi.stubGlobal(
      'URL',
      Object.assign(URL, { createObjectURL: (blob: Blob) => saved.push(blob), revokeObjectURL() {} }),
    );
    const { user } = open(PATH);
    await user.click(await screen.findByRole('button', { name: 'Decision record' }));
    expect(textOf(await screen.findByRole('alert'))).toContain('It was not kept.');
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(saved).toHaveLength(1));
    expect(await saved[0]?.text()).toBe(bytes);
  });

  it('says that there is no such alarm', async () => {
    server.use(
      http.get('/gateway/alarms/:id', () => problem(404, { status: 404, code: 'unknown_alarm', detail: 'none' })),
    );
    open(PATH);
    expect(await screen.findByText('There is no such alarm.')).toBeTruthy();
  });

  it('suppresses for a maintenance window that must end, and takes out of service and back', async () => {
    const fake = serve();
    const { user } = open(PATH);
    await user.click(await screen.findByRole('button', { name: 'Suppress' }));
    const dialog = within(await screen.findByRole('dialog', { name: /^Suppress this alarm/ }));
    const until = dialog.getByLabelText('Until');
    await user.clear(until);
    await user.click(dialog.getByRole('button', { name: 'Planned maintenance' }));
    expect(dialog.getByText(/^Say an end/)).toBeTruthy();
    expect(fake.done).toHaveLength(0);
    await user.type(until, '2096-01-02T03:04');
    await user.click(dialog.getByRole('button', { name: 'Planned maintenance' }));
    await screen.findByText(/^Suppressed: /);
    const [{ action, body } = { action: '', body: {} }] = fake.done;
    expect([action, 'until' in body && body.until]).toEqual(['suppress', new Date('2096-01-02T03:04').toISOString()]);
  });

  it('takes an alarm out of service with a reason, and back without one', async () => {
    const fake = serve();
    const { user } = open(PATH);
    await user.click(await screen.findByRole('button', { name: 'Take out of service' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Sensor is broken' }));
    await user.click(await screen.findByRole('button', { name: 'Return to service' }));
    await screen.findByText(/^Back in service: /);
    expect(fake.done.map(({ action }) => action)).toEqual(['out-of-service', 'return-to-service']);
  });
});
