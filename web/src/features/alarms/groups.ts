/** Alarms in groups: in a flood a list by machine or line says more than a long one. Pure. */

import type { AlarmItem } from '../../api/types';

export const GROUPINGS = ['none', 'machine', 'line', 'mode'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Group {
  readonly key: string;
  readonly alarms: readonly AlarmItem[];
}

/** Groups in the order in which their most urgent alarm comes; one group without a name when nothing is grouped. */
export function groupAlarms(
  alarms: readonly AlarmItem[],
  by: Grouping,
  lineOf: (machine: string) => string | null,
): Group[] {
  const keyOf = (alarm: AlarmItem) => {
    if (by === 'machine') return alarm.machine_id;
    if (by === 'line') return lineOf(alarm.machine_id) ?? '';
    return by === 'mode' ? alarm.mode : '';
  };
  const groups = new Map<string, AlarmItem[]>();
  for (const alarm of alarms) {
    const key = keyOf(alarm);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [alarm]);
    else group.push(alarm);
  }
  return [...groups].map(([key, members]) => ({ key, alarms: members }));
}

/** Whether the machine, the condition or who has it contains the text. */
export function matches(alarm: AlarmItem, modeTitle: string, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return true;
  return [alarm.machine_id, alarm.mode, modeTitle, alarm.assignee ?? ''].some((one) =>
    one.toLowerCase().includes(wanted),
  );
}
