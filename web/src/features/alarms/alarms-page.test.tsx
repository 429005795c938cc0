import { screen, waitFor, within } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlarmAction, AlarmItem } from '../../api/types';
import { changePrefs } from '../../lib/prefs';
import { alarm, alarmLoad, FakeAlarms, minutesAgo } from '../../test/fake-alarms';
import { problem, server, stream, toldStream } from '../../test/fake-api';
import { textOf } from '../../test/read';
import { open } from '../../test/render';

const STRAIN = alarm('a1', { machine_id: 'L47230', mode: 'OSF', priority: 1, score: 1 });
const HEAT = alarm('b2', { machine_id: 'M18096', mode: 'HDF', priority: 2 });
const WORN = alarm('c3', { machine_id: 'M18096', mode: 'TWF', priority: 3, state: 'acknowledged', changed_by: 'ben' });
const GONE = alarm('d4', { machine_id: 'H20001', mode: 'PWF', state: 'returned_unacknowledged' });
const AWAY = alarm('e5', { machine_id: 'H20002', overlay: 'shelved', shelved_until: minutesAgo(-10) });

function serve(alarms = [STRAIN, HEAT, WORN, GONE, AWAY]): FakeAlarms {
  const fake = new FakeAlarms(alarms);
  server.use(
    ...fake.handlers(),
    http.get('/gateway/stream', () => stream({ ids: ['L47230', 'M18096'] })),
  );
  return fake;
}

const row = async (machine: string) => {
  const link = await screen.findByRole('link', { name: new RegExp(machine) });
  const found = link.closest('li');
  if (found === null) throw new Error(`${machine} stands in no row`);
  return within(found);
};

describe('the alarm desk', () => {
  beforeEach(() => changePrefs({ name: 'ann' }));

  it('keeps the place of its content while nothing has answered, and no count is a zero that is not known', async () => {
    server.use(http.get('/gateway/alarms', () => delay('infinite')));
    open('/alarms');
    expect(await screen.findByRole('heading', { name: 'Alarms' })).toBeTruthy();
    expect(screen.getAllByRole('status', { name: 'Loading' }).length).toBeGreaterThan(0);
    expect(textOf(screen.getByRole('tab', { name: /Unacknowledged/ }))).toBe('Unacknowledged');
  });

  it('says what went wrong, and goes on with the rest', async () => {
    server.use(
      http.get('/gateway/alarms', () => problem(503, { status: 503, code: 'store_unavailable', detail: 'Away.' })),
    );
    open('/alarms');
    expect(textOf(await screen.findByRole('alert'))).toContain('Away.');
    expect(await screen.findByText('0 in the last 10 minutes')).toBeTruthy();
  });

  it('counts every open alarm under exactly one tab', async () => {
    serve();
    open('/alarms');
    await row('L47230');
    const counts = screen.getAllByRole('tab').map((tab) => Number(tab.querySelector('.count')?.textContent ?? 0));
    expect(counts).toEqual([2, 1, 1, 1, 0]);
  });

  it('says that nobody is waiting, and which tabs are empty why', async () => {
    serve([]);
    const { user } = open('/alarms');
    expect(await screen.findByText('Nobody is waiting: every alarm is acknowledged.')).toBeTruthy();
    await user.click(screen.getByRole('tab', { name: /History/ }));
    expect(await screen.findByText('No alarm has ended yet.')).toBeTruthy();
    expect(location.search).toBe('?tab=history');
  });

  it('finds by machine and condition, and offers to clear what matches nothing', async () => {
    serve();
    const { user } = open('/alarms?q=nowhere');
    await user.click(await screen.findByRole('button', { name: 'Clear filters' }));
    expect(await row('L47230')).toBeTruthy();
  });

  it('acknowledges with one click where nothing has to be said, and takes it back', async () => {
    const fake = serve();
    const { user } = open('/alarms');
    await user.click((await row('M18096')).getByRole('button', { name: /^Acknowledge/ }));
    expect(await screen.findByText(/^Acknowledged: M18096/)).toBeTruthy();
    expect(fake.done).toEqual([{ action: 'ack', body: { actor: 'ann' }, version: '"1"' }]);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Undone.')).toBeTruthy();
    expect(fake.done.map(({ action, version }) => `${action} ${version}`)).toEqual([
      'ack "1"',
      'shelve "2"',
      'unshelve "3"',
    ]);
    expect(fake.done[1]?.body).toMatchObject({ note: 'by mistake', actor: 'ann' });
  });

  it('asks for a word where the priority is one, and a ready-made one is said and done with one press', async () => {
    const fake = serve();
    const { user } = open('/alarms');
    await user.click((await row('L47230')).getByRole('button', { name: /^Acknowledge/ }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Acknowledge this alarm' }));
    await user.click(dialog.getByRole('button', { name: 'Acknowledge' }));
    expect(dialog.getByText('Say why.')).toBeTruthy();
    expect(fake.done).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'On my way' }));
    expect(await screen.findByText(/^Acknowledged: L47230/)).toBeTruthy();
    expect(fake.done).toEqual([{ action: 'ack', body: { note: 'On my way', actor: 'ann' }, version: '"1"' }]);
  });

  it('asks once who somebody is, and remembers it', async () => {
    changePrefs({ name: '' });
    const fake = serve();
    const { user } = open('/alarms');
    await user.click((await row('M18096')).getByRole('button', { name: /^Acknowledge/ }));
    const dialog = within(await screen.findByRole('dialog'));
    await user.click(dialog.getByRole('button', { name: 'Acknowledge' }));
    expect(dialog.getByText('Say who you are.')).toBeTruthy();
    await user.type(dialog.getByRole('textbox', { name: 'Your name' }), 'Zoë');
    await user.click(dialog.getByRole('button', { name: 'Acknowledge' }));
    await screen.findByText(/^Acknowledged/);
    expect(fake.done[0]?.body.actor).toBe('Zoë');
    expect(localStorage.getItem('pm.prefs')).toContain('Zoë');
  });

  it('tells who was faster and when, and lets one do it all the same', async () => {
    const fake = serve();
    const { user } = open('/alarms');
    const found = await row('M18096');
    // With the stream the list is asked for once more.
    await screen.findByText(/^Live/);
    fake.change('b2', 'noted', 'ben', {});
    await user.click(found.getByRole('button', { name: /^Acknowledge/ }));
    expect(await screen.findByText(/^Somebody was faster: noted by ben at \d\d:\d\d:\d\d\.$/)).toBeTruthy();
    expect(fake.done).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Do it all the same' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Acknowledge' }));
    expect(await screen.findByText(/^Acknowledged: M18096/)).toBeTruthy();
    expect(fake.done[0]?.version).toBe('"2"');
  });

  it('shelves for a quarter of an hour with a reason, and brings back', async () => {
    const fake = serve();
    const { user } = open('/alarms');
    await user.click((await row('L47230')).getByRole('button', { name: /^Shelve/ }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Shelve this alarm' }));
    expect(dialog.getByText(/^Comes back by itself at \d\d:\d\d:\d\d\.$/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Waiting for parts' }));
    await screen.findByText(/^Shelved: L47230/);
    const body = fake.done[0]?.body as AlarmAction;
    expect(Math.round((Date.parse(body.until ?? '') - Date.now()) / 60_000)).toBe(15);
    expect([body.note, body.one_shot]).toEqual(['Waiting for parts', false]);
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Undone.')).toBeTruthy();
  });

  it('does nothing to an alarm by keys unless its row has the focus', async () => {
    const fake = serve();
    const { user } = open('/alarms');
    await row('M18096');
    await user.keyboard('a');
    await user.keyboard('jja');
    expect(await screen.findByText(/^Acknowledged: M18096/)).toBeTruthy();
    expect(fake.done).toHaveLength(1);
    await user.keyboard('ga');
    expect(fake.done).toHaveLength(1);
  });

  it('lets what is new wait while somebody is at a row', async () => {
    const alarms = [HEAT];
    const { handler, tell } = toldStream();
    server.use(
      handler,
      http.get('/gateway/alarms', ({ request }) => {
        const isTab = new URL(request.url).searchParams.get('state') === 'unacknowledged';
        return HttpResponse.json({ alarms: isTab ? alarms : [], next_cursor: null, counts: [], server_time: '' });
      }),
    );
    const { user } = open('/alarms');
    await row('M18096');
    await user.keyboard('j');
    alarms.unshift(STRAIN);
    tell();
    const fresh = await screen.findByRole('button', { name: '1 new alarm' });
    expect(screen.queryByRole('link', { name: /L47230/ })).toBeNull();
    await user.click(fresh);
    expect(await row('L47230')).toBeTruthy();
  });

  it('shows what comes although the pointer already rests where the list will be', async () => {
    const alarms: AlarmItem[] = [];
    const { handler, tell } = toldStream();
    server.use(
      handler,
      http.get('/gateway/alarms', () =>
        HttpResponse.json({ alarms, next_cursor: null, counts: [], server_time: new Date().toISOString() }),
      ),
    );
    const { user } = open('/alarms');
    await screen.findByText('Nobody is waiting: every alarm is acknowledged.');
    await user.hover(screen.getByRole('region', { name: 'Alarms' }));
    alarms.push(HEAT);
    tell();
    expect(await row('M18096')).toBeTruthy();
  });

  it('groups by machine in a flood, and leads to where it began', async () => {
    serve();
    const flood = {
      begin: minutesAgo(8),
      end: minutesAgo(1),
      raises: 14,
      machines: 9,
      by_mode: { OSF: 14 },
      first_alarm_id: STRAIN.alarm_id,
      first_machine_id: 'L47230',
      first_mode: 'OSF',
    };
    server.use(http.get('/gateway/alarms/load', () => HttpResponse.json(alarmLoad({ floods: [flood], alarms: 14 }))));
    open('/alarms');
    expect(await screen.findByText('Alarm flood: 14 alarms on 9 machines')).toBeTruthy();
    expect(await screen.findByRole('heading', { name: /M18096 1 alarm/ })).toBeTruthy();
  });

  it('holds the load against the target', async () => {
    serve();
    const windows = Array.from({ length: 144 }, (_, at) => (at === 143 ? 4 : 0));
    const bad_actors = [{ machine_id: 'L47230', mode: 'OSF', raises: 3, share: 0.75 }];
    server.use(
      http.get('/gateway/alarms/load', () => HttpResponse.json(alarmLoad({ windows, alarms: 4, bad_actors }))),
    );
    open('/alarms');
    const load = await screen.findByRole('region', { name: 'Alarm load' });
    await within(load).findByText('4 in the last 10 minutes');
    expect(textOf(load)).toContain('target for one operator: 1. More than one person can work off.');
    expect(within(load).getByRole('link', { name: 'L47230' }).getAttribute('href')).toBe('/machines/L47230');
  });

  it('shows the count in the navigation, and what says “stop now” on every other page', async () => {
    serve();
    open('/data-health');
    const nav = within(await screen.findByRole('navigation', { name: 'Pages' }));
    await waitFor(() => expect(textOf(nav.getByRole('link', { name: /Alarms/ }))).toContain('3'));
    const strip = (await screen.findByText('Stop now')).closest('[role=status]');
    expect(textOf(strip)).toContain('L47230, Overstrain failure');
  });
});
