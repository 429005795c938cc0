/** What a machine's newest word means to a person: pure functions over the fleet's columns. */

import type { MarkKind } from '../lib/marks';
import type { Fleet } from './fleet';
import { State } from './frame';

/** 1 stop now, 2 this shift, 3 plan; by failure mode, from the profile. A mode without priority counts as 1. */
export type Priorities = Readonly<Record<string, 1 | 2 | 3>>;

const PRIORITY_MARKS = { 1: 'p1', 2: 'p2', 3: 'p3' } as const;

export function predictedMark(topMode: string | null, priorities: Priorities): MarkKind {
  return PRIORITY_MARKS[(topMode !== null && priorities[topMode]) || 1];
}

/** The mark of machine number `at`; null when it runs normally or was never heard of. */
export function markOf(fleet: Fleet, at: number, priorities: Priorities): MarkKind | null {
  switch (fleet.state[at]) {
    case State.cannotJudge:
      return 'cannot_judge';
    case State.offline:
      return 'silent';
    case State.neverSeen:
      return null;
    default:
      if (fleet.prediction[at] === 1) return predictedMark(fleet.topMode(at), priorities);
      if (fleet.state[at] === State.stale) return 'silent';
      return fleet.anomaly[at] === 1 ? 'anomaly' : null;
  }
}

export const FILTERS = ['all', 'attention', 'cannot_judge', 'unusual', 'silent', 'normal'] as const;
export type Filter = (typeof FILTERS)[number];

/** Which of the filters a machine falls under; every machine falls under exactly one beside `all`. */
export function filterOf(mark: MarkKind | null, state: number): Exclude<Filter, 'all'> {
  if (mark === 'cannot_judge') return 'cannot_judge';
  if (mark === 'anomaly') return 'unusual';
  if (mark === 'silent' || state === State.neverSeen) return 'silent';
  return mark === null ? 'normal' : 'attention';
}
