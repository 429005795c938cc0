/** Policies and replays of the gateway as the pages see them. */

import { HttpResponse, http } from 'msw';
import type { HistoryDifference, Policy, PolicyDetail, ReplayItem, ThresholdChoice } from '../api/types';
import document from './fixtures/milling-policy.json';

export const policy = document as Policy;

export function policyDetail(change: Partial<PolicyDetail> = {}): PolicyDetail {
  return {
    equipment: 'milling',
    version: 2,
    digest: 'sha256:ab',
    author: 'Ada',
    reason: 'Fewer visits',
    made_at: '2026-11-24T08:00:00Z',
    policy,
    ...change,
  };
}

const bill = { visits: 12, warned: 1, missed: 1, money: 5800, busiest: 4 };
const alarm = {
  alarm_id: 'a1',
  machine_id: 'M18096',
  mode: 'HDF',
  priority: 2,
  raised_at: '2026-11-24T08:00:00Z',
  event_id: 'e1',
  confirmed: false,
};

/** Ten alarms stay, two of them later; one comes, three go; it saves 600. */
export const difference: HistoryDifference = {
  same: 8,
  moved: 2,
  gained: 1,
  lost: 3,
  lost_confirmed: 1,
  old_bill: bill,
  new_bill: { ...bill, visits: 9, money: 5200, busiest: 3 },
  dearer: -600,
  gained_alarms: [alarm],
  lost_alarms: [{ ...alarm, alarm_id: 'a2', machine_id: 'L47230', confirmed: true }],
  moved_alarms: [{ old: alarm, new: { ...alarm, alarm_id: 'a3' }, later_s: 12 }],
};

const modes = [
  {
    mode: 'HDF',
    same: 8,
    moved: 2,
    gained: 1,
    lost: 3,
    lost_confirmed: 1,
    old_bill: bill,
    new_bill: bill,
    dearer: -600,
  },
];

const point = { threshold: 0.5, alarms: 12, hits: 1, missed: 1, bill: 5800, busiest: 4, within_budget: false };

export const threshold: ThresholdChoice = {
  equipment: 'milling',
  mode: 'HDF',
  basis: 'validated_history',
  model: null,
  from: '2026-11-24T07:00:00Z',
  to: '2026-11-24T08:00:00Z',
  episodes: 40,
  failures: 2,
  currency: 'EUR',
  budget: policy.budget,
  present: point,
  chosen: { ...point, threshold: 0.7, alarms: 9, bill: 5200, busiest: 3, within_budget: true },
  curve: [
    { ...point, threshold: 0.2, alarms: 30, bill: 9000 },
    point,
    { ...point, threshold: 0.7, alarms: 9, bill: 5200, busiest: 3, within_budget: true },
    { ...point, threshold: 1.5, alarms: 0, hits: 0, missed: 2, bill: 6800, busiest: 0, within_budget: true },
  ],
  old_bill: bill,
  new_bill: bill,
  proposal: policy,
};

export function preview(change: object = {}) {
  return {
    equipment: 'milling',
    digest: 'sha256:cd',
    in_force: 2,
    from: '2026-11-24T07:00:00Z',
    to: '2026-11-24T08:00:00Z',
    machines: 50,
    readings: 180_000,
    failures: 2,
    currency: 'EUR',
    budget: policy.budget,
    within_budget: true,
    difference,
    modes,
    transitions: 40,
    log_hash: 'sha256:ef',
    ...change,
  };
}

export function replayItem(change: Partial<ReplayItem> = {}): ReplayItem {
  return {
    replay_id: 'ab'.repeat(16),
    equipment: 'milling',
    state: 'running',
    from: '2026-11-24T07:00:00Z',
    to: '2026-11-24T08:00:00Z',
    model: null,
    policy_version: 2,
    policy_digest: 'sha256:ab',
    note: '',
    asked_by: 'Ada',
    asked_at: '2026-11-24T09:00:00Z',
    changed_at: '2026-11-24T09:00:01Z',
    progress: 0.4,
    machines: 50,
    machines_done: 20,
    readings: 72_000,
    published: 0,
    scored: 0,
    waits_for: null,
    error: null,
    result: null,
    ...change,
  };
}

export const result = {
  transitions: 44,
  log_hash: 'sha256:11',
  live_transitions: 44,
  live_log_hash: 'sha256:11',
  equals_live: true,
  first_difference: null,
  skipped_actions: 0,
};

export function replayDiff(change: object = {}) {
  return { replay_id: 'ab'.repeat(16), is_complete: true, failures: 0, currency: 'EUR', difference, modes, ...change };
}

export const policyHandlers = [
  http.get('/gateway/policies', () => HttpResponse.json({ policies: [policyDetail()] })),
  http.get('/gateway/policies/:equipment', () => HttpResponse.json(policyDetail())),
  http.get('/gateway/policies/:equipment/versions', () =>
    HttpResponse.json({
      versions: [policyDetail(), policyDetail({ version: 1, author: 'system', reason: 'the policy that ships' })],
    }),
  ),
  http.get('/gateway/policies/:equipment/versions/:version', ({ params }) =>
    HttpResponse.json(
      policyDetail({
        version: Number(params['version']),
        policy: { ...policy, costs: { ...policy.costs, visit: 150 } },
      }),
    ),
  ),
  http.get('/gateway/policies/:equipment/thresholds/:mode', () => HttpResponse.json(threshold)),
  http.post('/gateway/policies/:equipment/preview', () => HttpResponse.json(preview())),
  http.get('/gateway/replays', () => HttpResponse.json({ replays: [], next_cursor: null })),
  http.get('/gateway/models', () => HttpResponse.json({ models: [] })),
];
