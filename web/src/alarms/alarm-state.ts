/** What an alarm is to the people who work it off. Pure functions; states as in ISA-18.2. */

import type { AlarmCount, AlarmItem } from '../api/types';
import type { MarkKind } from '../lib/marks';

export const TABS = ['unacknowledged', 'acknowledged', 'returned', 'hidden', 'history'] as const;
export type Tab = (typeof TABS)[number];
export type OpenTab = Exclude<Tab, 'history'>;

const TAB_OF_STATE: Readonly<Record<AlarmItem['state'], OpenTab | null>> = {
  unacknowledged: 'unacknowledged',
  acknowledged: 'acknowledged',
  returned_unacknowledged: 'returned',
  normal: null,
};

/** How many open alarms stand under each tab; what an overlay hides stays countable. */
export function countsByTab(counts: readonly AlarmCount[]): Record<OpenTab, number> {
  const totals = { unacknowledged: 0, acknowledged: 0, returned: 0, hidden: 0 };
  for (const { state, hidden, count } of counts) {
    const tab = hidden ? 'hidden' : TAB_OF_STATE[state];
    if (tab !== null) totals[tab] += count;
  }
  return totals;
}

/** What nobody has looked at yet: standing, or over before anybody came. */
export function waiting(counts: readonly AlarmCount[]): number {
  const totals = countsByTab(counts);
  return totals.unacknowledged + totals.returned;
}

/** The mark of an alarm: priority 1 stop now, 2 this shift, 3 plan; unusual behaviour alone has its own. */
export function alarmMark({ priority, mode }: Pick<AlarmItem, 'priority' | 'mode'>): MarkKind {
  if (mode === 'anomaly') return 'anomaly';
  return priority <= 1 ? 'p1' : priority === 2 ? 'p2' : 'p3';
}

export function needsAck({ state }: Pick<AlarmItem, 'state'>): boolean {
  return state === 'unacknowledged' || state === 'returned_unacknowledged';
}

/** How long the condition stood, in seconds; up to now while it stands. */
export function durationS(alarm: AlarmItem, nowMs: number): number {
  const end = alarm.returned_at ?? alarm.ended_at;
  return ((end === null ? nowMs : Date.parse(end)) - Date.parse(alarm.raised_at)) / 1000;
}

/** The alarm of each machine that asks most of people, out of a list in the order of work. */
export function firstByMachine(alarms: readonly AlarmItem[]): Map<string, AlarmItem> {
  const first = new Map<string, AlarmItem>();
  for (const alarm of alarms) {
    const known = first.get(alarm.machine_id);
    if (known === undefined || (needsAck(alarm) && !needsAck(known))) first.set(alarm.machine_id, alarm);
  }
  return first;
}
