// The alarms of the fake fleet: one for each machine that is predicted to fail, in every state, that can be acknowledged.

const PRIORITIES = { HDF: 2, PWF: 1, OSF: 1, TWF: 3 };
const NONE = { real: 0, judged: 0, precision: null, low: null, high: null, enough: false, sentence: '' };
const SOME = { real: 7, judged: 9, precision: 7 / 9, low: 0.45, high: 0.94, enough: true, sentence: '' };
const CHANGE = { quantity: 'overstrain', unit: 'min·Nm', value: 12_400, limit: 12_000, side: 'below', by: 400 };

export class Alarms {
  /** `tell` hears of each alarm that changes. */
  constructor(fleet, tell) {
    this.tell = tell;
    this.startedAt = Date.now();
    this.alarms = fleet.machines.filter(({ fails }) => fails).map((machine, at) => this.alarm(machine, at));
  }

  /** The first three wait for somebody, then one each is acknowledged, returned, shelved and over, and so on. */
  alarm({ id, mode }, at) {
    const state = ['unacknowledged', 'acknowledged', 'returned_unacknowledged', 'unacknowledged', 'normal'];
    const place = at < 3 ? 0 : (at - 2) % 5;
    const raised_at = new Date(this.startedAt - (at + 1) * 210_000).toISOString();
    const isReturned = place === 2 || place === 4;
    const raised = {
      seq: 1,
      kind: 'raised',
      before: 'normal',
      after: 'unacknowledged',
      at: raised_at,
      actor: 'system',
    };
    const priority = PRIORITIES[mode];
    return {
      alarm_id: String(at + 1).padStart(32, '0'),
      machine_id: id,
      equipment: 'milling',
      mode,
      state: state[place],
      is_open: place !== 4,
      priority,
      raised_at,
      acknowledged_at: place === 1 ? raised_at : null,
      returned_at: isReturned ? new Date(this.startedAt - 60_000).toISOString() : null,
      ended_at: place === 4 ? new Date(this.startedAt - 60_000).toISOString() : null,
      score: 0.92,
      event_id: `e${at}`,
      overlay: place === 3 ? 'shelved' : 'none',
      raised_under: 'none',
      shelved_until: place === 3 ? new Date(this.startedAt + 900_000).toISOString() : null,
      suppressed_from: null,
      suppressed_until: null,
      assignee: place === 1 ? 'Ann' : null,
      version: 1,
      changed_by: place === 1 ? 'Ann' : 'system',
      changed_at: raised_at,
      model_digest: 'sha256:m',
      policy_digest: 'sha256:c78c6f49',
      precision: { scope: 'version', ...(at % 2 === 0 ? SOME : NONE) },
      transitions: [
        {
          ...raised,
          reason: 'at or above 0.5 for 2 s',
          priority,
          overlay: 'none',
          event_id: `e${at}`,
          score: 0.92,
          policy_digest: 'sha256:c78c6f49',
          until: null,
          assignee: null,
        },
      ],
    };
  }

  /** The answer to a request below `/gateway/alarms`: status and body. */
  answer(url, method, assessment, isEmpty) {
    const [, , , id, action] = url.pathname.split('/');
    if (id === undefined) return [200, this.page(url.searchParams, isEmpty)];
    if (id === 'load') return [200, this.load(isEmpty)];
    if (id === 'rate') return [200, this.rate(isEmpty)];
    const alarm = this.alarms.find(({ alarm_id }) => alarm_id === id);
    if (alarm === undefined) return [404, { status: 404, code: 'unknown_alarm', title: 'Unknown', detail: 'none' }];
    if (method === 'POST' && action === 'ack') {
      Object.assign(alarm, { state: 'acknowledged', version: 2 });
      this.tell([{ alarm_id: id, machine_id: alarm.machine_id }]);
    }
    return [200, this.detail(alarm, assessment(alarm.machine_id))];
  }

  page(query, isEmpty) {
    const of = (name) => query.get(name);
    const known = isEmpty ? [] : this.alarms;
    const alarms = known.filter(
      ({ state, overlay, is_open, machine_id }) =>
        (of('open') === 'any' || is_open === ((of('open') ?? 'yes') === 'yes')) &&
        (of('state') ?? state) === state &&
        (of('overlay') ?? overlay) === overlay &&
        (of('machine') ?? machine_id) === machine_id,
    );
    alarms.sort((a, b) => a.priority - b.priority || b.raised_at.localeCompare(a.raised_at));
    const counts = known
      .filter(({ is_open }) => is_open)
      .map(({ state, priority, overlay }) => ({ state, priority, hidden: overlay !== 'none', count: 1 }));
    return { alarms, next_cursor: null, counts, server_time: new Date() };
  }

  detail(alarm, assessment) {
    const cause = { feature: 'torque', value: 62.4, unit: 'Nm', contribution: 0.4 };
    const record = { ...SOME, planned: 1, missed: 2, recall: 7 / 9, lead_s: 5400, leads: 6, net: 20_600 };
    return {
      ...alarm,
      assessment,
      advice: {
        mode: alarm.mode,
        playbook: `milling/modes/${alarm.mode}/playbook`,
        check: [],
        act: [],
        cause,
        changes: [{ ...CHANGE, relative: 0.03 }],
      },
      verdict: null,
      track_record: { scope: 'version', currency: 'EUR', record },
    };
  }

  /** Thirty days with two versions; the second is calmer. */
  rate(isEmpty) {
    const day = 86_400_000;
    const from = this.startedAt - 30 * day;
    const windows = Array.from({ length: 30 }, (_, at) =>
      isEmpty ? 0 : [3, 5, 2, 6, 4, 1, 2][at % 7] + (at < 19 ? 6 : 0),
    );
    const spell = (version, days) => ({ from: new Date(from + days * day), version, digest: `sha256:${version}` });
    return {
      equipment: 'milling',
      from: new Date(from),
      to: new Date(this.startedAt),
      windows,
      models: isEmpty ? [] : [spell('2026.09.1', 0), spell('2026.11.2', 19.4)],
    };
  }

  load(isEmpty) {
    const windows = Array.from({ length: 144 }, (_, at) => (isEmpty ? 0 : [0, 0, 1, 0, 2, 0, 0][at % 7]));
    const alarms = windows.reduce((sum, count) => sum + count, 0);
    const actors = isEmpty ? [] : this.alarms.slice(0, 3);
    return {
      from: new Date(this.startedAt - 86_400_000),
      to: new Date(this.startedAt),
      operators: 1,
      alarms,
      mean: alarms / 144,
      peak: 2,
      target: 1,
      above_target: 0.14,
      windows,
      bad_actors: actors.map(({ machine_id, mode }) => ({ machine_id, mode, raises: 4, share: 0.1 })),
      floods: [],
    };
  }
}
