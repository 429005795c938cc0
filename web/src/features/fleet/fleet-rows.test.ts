import { describe, expect, it } from 'vitest';
import type { MarkKind } from '../../lib/marks';
import { alarm } from '../../test/fake-alarms';
import { attentionQueue, expectedCost, type FleetRow, NO_ORDER, steadyQueue } from './fleet-rows';

function row(id: string, mark: MarkKind | null, probability: number): FleetRow {
  return {
    at: 0,
    id,
    line: null,
    type: 'M',
    state: 0,
    mark,
    filter: mark === 'cannot_judge' ? 'cannot_judge' : mark === null ? 'normal' : 'attention',
    probability,
    mode: null,
    observedAt: 0,
    reason: null,
    stateReason: null,
  };
}

const PLAN = row('PLAN', 'p3', 0.99);
const STOP = row('STOP', 'p1', 0.6);
const SHIFT = row('SHIFT', 'p2', 0.983);
const MUTE = row('MUTE', 'cannot_judge', 0);
const ROWS = [MUTE, STOP, PLAN, row('QUIET', null, 0.01), row('AWAY', 'silent', 0.9), SHIFT];
const ids = (rows: readonly FleetRow[]) => rows.map(({ id }) => id);

describe('the order of the queue', () => {
  it('is by urgency where nobody knows what a failure costs', () => {
    expect(ids(attentionQueue(ROWS, NO_ORDER))).toEqual(['STOP', 'SHIFT', 'PLAN', 'MUTE']);
  });

  it('is by what waiting is expected to cost where a policy says it, and by urgency where that is the same', () => {
    const order = { alarms: new Map(), failureCost: 3400 };
    expect(expectedCost(STOP, 3400)).toBe(2000);
    expect(expectedCost(PLAN, 3400)).toBe(3400);
    expect(expectedCost(SHIFT, 3400)).toBe(3300);
    expect(expectedCost(MUTE, 3400)).toBeNull();
    expect(ids(attentionQueue(ROWS, order))).toEqual(['PLAN', 'SHIFT', 'STOP', 'MUTE']);
    const same = [row('B', 'p3', 0.99), row('A', 'p1', 0.988)];
    expect(ids(attentionQueue(same, order))).toEqual(['A', 'B']);
  });

  it('has those that somebody acknowledged last', () => {
    const taken = alarm('a1', { machine_id: 'STOP', state: 'acknowledged' });
    const order = { alarms: new Map([['STOP', taken]]), failureCost: null };
    expect(ids(attentionQueue(ROWS, order))).toEqual(['SHIFT', 'PLAN', 'MUTE', 'STOP']);
  });
});

describe('a queue that somebody reads', () => {
  const order = { alarms: new Map(), failureCost: 3400 };
  const [a, b, c] = [row('A', 'p1', 0.9), row('B', 'p1', 0.85), row('C', 'p1', 0.8)];

  it('keeps its order while probabilities tremble', () => {
    const now = [row('A', 'p1', 0.82), row('B', 'p1', 0.9), row('C', 'p1', 0.95)];
    expect(ids(steadyQueue(attentionQueue(now, order), ['A', 'B', 'C'], order))).toEqual(['A', 'B', 'C']);
  });

  it('lets a row overtake where waiting costs clearly more, and puts new ones last', () => {
    const now = [row('A', 'p1', 0.55), b, row('C', 'p1', 0.99), row('D', 'p1', 0.62)];
    expect(ids(steadyQueue(attentionQueue(now, order), ['A', 'B', 'C'], order))).toEqual(['B', 'C', 'A', 'D']);
  });

  it('has who was acknowledged sink at once, and by urgency where money is unknown', () => {
    const taken = new Map([['A', alarm('a1', { machine_id: 'A', state: 'acknowledged' })]]);
    const queue = attentionQueue([a, b, c], { ...order, alarms: taken });
    expect(ids(steadyQueue(queue, ['A', 'B', 'C'], { ...order, alarms: taken }))).toEqual(['B', 'C', 'A']);
    expect(ids(steadyQueue([PLAN, STOP], ['PLAN'], NO_ORDER))).toEqual(['STOP', 'PLAN']);
  });
});
