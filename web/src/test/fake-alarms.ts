/** The gateway's alarms as the pages see them: a few alarms that can be worked on, with versions, served by MSW. */

import { HttpResponse, http } from 'msw';
import type { AlarmAction, AlarmDetail, AlarmLoad, AlarmPage, AlarmTransition, VerdictRequest } from '../api/types';
import { alarmRate } from './fake-alarm-rate';
import heat from './fixtures/heat-assessment.json';

const NOBODY = { real: 0, judged: 0, precision: null, low: null, high: null, enough: false, sentence: '' } as const;
const KINDS: Readonly<Record<string, AlarmTransition['kind']>> = {
  ack: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'unshelved',
  assign: 'assigned',
  note: 'noted',
  close: 'closed',
  suppress: 'suppressed',
  'out-of-service': 'removed_from_service',
  'return-to-service': 'returned_to_service',
};

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export function alarm(id: string, change: Partial<AlarmDetail> = {}): AlarmDetail {
  const raised_at = change.raised_at ?? minutesAgo(5);
  const base = { machine_id: 'M18096', equipment: 'milling', mode: 'HDF', priority: 2, score: 0.9 };
  const raised: AlarmTransition = {
    seq: 1,
    kind: 'raised',
    before: 'normal',
    after: 'unacknowledged',
    at: raised_at,
    actor: 'system',
    reason: 'at or above 0.5 for 5 s',
    priority: change.priority ?? 2,
    overlay: 'none',
    event_id: heat.event_id,
    score: 0.9,
    policy_digest: 'sha256:p',
    until: null,
    assignee: null,
  };
  return {
    ...base,
    alarm_id: id.padStart(32, '0'),
    state: 'unacknowledged',
    is_open: true,
    raised_at,
    acknowledged_at: null,
    returned_at: null,
    ended_at: null,
    event_id: heat.event_id,
    overlay: 'none',
    raised_under: 'none',
    shelved_until: null,
    suppressed_from: null,
    suppressed_until: null,
    assignee: null,
    version: 1,
    changed_by: 'system',
    changed_at: raised_at,
    model_digest: 'sha256:m',
    policy_digest: 'sha256:p',
    precision: { scope: 'machine_class', ...NOBODY },
    transitions: [raised],
    assessment: heat as AlarmDetail['assessment'],
    advice: {
      mode: 'HDF',
      playbook: 'milling/modes/HDF/playbook',
      check: [],
      act: [],
      cause: { feature: 'rotational_speed', value: 1342, unit: 'rpm', contribution: 0.37 },
      changes: [
        { quantity: 'heat_dissipation', unit: 'K', value: 8.1, limit: 8.6, side: 'above', by: 0.5, relative: 0.06 },
      ],
    },
    verdict: null,
    track_record: {
      scope: 'machine_class',
      currency: 'EUR',
      record: { ...NOBODY, planned: 0, missed: 0, recall: null, lead_s: null, leads: 0, net: 0 },
    },
    ...change,
  };
}

export function alarmLoad(change: Partial<AlarmLoad> = {}): AlarmLoad {
  return {
    from: minutesAgo(1440),
    to: minutesAgo(0),
    operators: 1,
    alarms: 0,
    mean: 0,
    peak: 0,
    target: 1,
    above_target: 0,
    windows: Array.from({ length: 144 }, () => 0),
    bad_actors: [],
    floods: [],
    ...change,
  };
}

/** Alarms that can be worked on. `done` are the requests that changed something, with who and for which version. */
export class FakeAlarms {
  readonly done: { action: string; body: AlarmAction | VerdictRequest; version: string | null }[] = [];
  #alarms: AlarmDetail[];

  constructor(alarms: readonly AlarmDetail[]) {
    this.#alarms = [...alarms];
  }

  /** Somebody else does something, unseen by the page. */
  change(id: string, kind: AlarmTransition['kind'], actor: string, change: Partial<AlarmDetail>): void {
    const known = this.#known(id.padStart(32, '0'));
    const [last] = known.transitions.slice(-1);
    if (last === undefined) throw new RangeError('an alarm has at least one transition');
    const now = new Date().toISOString();
    const step = { ...last, seq: known.version + 1, kind, actor, at: now, after: change.state ?? known.state };
    const after = {
      ...known,
      ...change,
      version: known.version + 1,
      changed_by: actor,
      changed_at: now,
      transitions: [...known.transitions, step],
    };
    this.#alarms = this.#alarms.map((one) => (one === known ? after : one));
  }

  handlers() {
    return [
      http.get('/gateway/alarms', ({ request }) => HttpResponse.json(this.#page(new URL(request.url).searchParams))),
      http.get('/gateway/alarms/load', () => HttpResponse.json(alarmLoad())),
      http.get('/gateway/alarms/rate', () => HttpResponse.json(alarmRate())),
      http.get<{ id: string }>('/gateway/alarms/:id', ({ params }) => HttpResponse.json(this.#known(params.id))),
      http.post<{ id: string }, VerdictRequest>('/gateway/alarms/:id/verdict', async ({ params, request }) => {
        const body = await request.json();
        this.done.push({ action: 'verdict', body, version: null });
        return HttpResponse.json(this.#judge(params.id, body));
      }),
      http.post<{ id: string; action: string }, AlarmAction>(
        '/gateway/alarms/:id/:action',
        async ({ params, request }) => {
          const [known, body] = [this.#known(params.id), await request.json()];
          const version = request.headers.get('if-match');
          if (version !== `"${known.version}"`) {
            const detail = `${known.changed_by} changed this alarm in the meantime`;
            return HttpResponse.json({ status: 409, code: 'alarm_moved', title: 'Moved', detail }, problemOf(409));
          }
          if (params.action === 'ack' && known.priority === 1 && !body.note) {
            return HttpResponse.json({ status: 422, code: 'note_required', title: 'Note', detail: '' }, problemOf(422));
          }
          this.done.push({ action: params.action, body, version });
          this.#carryOut(params.id, params.action, body);
          return HttpResponse.json(this.#known(params.id));
        },
      ),
    ];
  }

  #carryOut(id: string, action: string, body: AlarmAction): void {
    const known = this.#known(id);
    const isOver = known.state === 'returned_unacknowledged' || action === 'close';
    const changes: Readonly<Record<string, Partial<AlarmDetail>>> = {
      ack: { state: isOver ? 'normal' : 'acknowledged', is_open: !isOver },
      shelve: { overlay: 'shelved', shelved_until: body.until ?? minutesAgo(-60) },
      unshelve: { overlay: 'none', shelved_until: null, state: 'unacknowledged' },
      assign: { assignee: body.assignee || null },
      close: { state: 'normal', is_open: false },
      suppress: { overlay: 'suppressed', suppressed_from: body.from ?? null, suppressed_until: body.until ?? null },
      'out-of-service': { overlay: 'out_of_service' },
      'return-to-service': { overlay: 'none' },
    };
    this.change(id, KINDS[action] ?? 'noted', body.actor ?? '', changes[action] ?? {});
  }

  #judge(id: string, body: VerdictRequest): AlarmDetail {
    const known = this.#known(id);
    const real = body.finding === 'confirmed' ? 1 : 0;
    const counts = { real, judged: 1, precision: real, low: 0.2, high: 1, enough: false, sentence: '' };
    const judged: AlarmDetail = {
      ...known,
      verdict: {
        finding: body.finding,
        true_mode: body.true_mode ?? null,
        failed_at: body.failed_at ?? null,
        cost: body.cost ?? null,
        down_h: body.down_h ?? 0,
        note: body.note ?? '',
        actor: body.actor ?? '',
        given_at: new Date().toISOString(),
      },
      precision: { scope: 'machine_class', ...counts },
      track_record: {
        scope: 'machine_class',
        currency: 'EUR',
        record: { ...counts, planned: 0, missed: 0, recall: 1, lead_s: null, leads: 0, net: 3200 },
      },
    };
    this.#alarms = this.#alarms.map((one) => (one === known ? judged : one));
    return judged;
  }

  #page(query: URLSearchParams): AlarmPage {
    const [open, state, overlay] = [query.get('open') ?? 'yes', query.get('state'), query.get('overlay')];
    const machine = query.get('machine');
    const shown = this.#alarms.filter(
      (one) =>
        (open === 'any' || one.is_open === (open === 'yes')) &&
        (state === null || one.state === state) &&
        (overlay === null || one.overlay === overlay) &&
        (machine === null || one.machine_id === machine),
    );
    const counts = this.#alarms
      .filter(({ is_open }) => is_open)
      .map(({ state: each, priority, overlay: over }) => ({
        state: each,
        priority,
        hidden: over !== 'none',
        count: 1,
      }));
    return { alarms: shown, next_cursor: null, counts, server_time: new Date().toISOString() };
  }

  #known(id: string): AlarmDetail {
    const known = this.#alarms.find(({ alarm_id }) => alarm_id === id);
    if (known === undefined) throw new RangeError(`no alarm ${id}`);
    return known;
  }
}

function problemOf(status: number) {
  return { status, headers: { 'content-type': 'application/problem+json' } };
}
