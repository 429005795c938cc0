/** What can be done to an alarm, what has to be said for it, and what takes it back. Pure. */

import type { Deed } from '../../alarms/desk';
import type { ActionBody, ActionName } from '../../api/alarms';
import type { AlarmDetail, AlarmItem, AlarmTransition } from '../../api/types';

/** One call to the gateway. */
export interface Step {
  readonly action: ActionName;
  readonly body: ActionBody;
}

/** Deeds that nothing has to be said for; acknowledging is one of them where the priority is low enough. */
const AT_ONCE: readonly Deed[] = ['unshelve', 'unsuppress', 'return-to-service'];
/** What hides or ends an alarm needs a reason, as the gateway demands it. */
const SAY_WHY: readonly Deed[] = ['shelve', 'note', 'close', 'suppress', 'out-of-service'];
const UNDO_SHELF_MS = 60_000;

/** `noteUpTo`: up to which priority the policy wants a word with an acknowledgement. */
export function needsNote(deed: Deed, alarm: AlarmItem, noteUpTo: number): boolean {
  if (deed === 'ack') return alarm.priority <= noteUpTo;
  return SAY_WHY.includes(deed);
}

export function isAtOnce(deed: Deed, alarm: AlarmItem, noteUpTo: number): boolean {
  return AT_ONCE.includes(deed) || (deed === 'ack' && !needsNote(deed, alarm, noteUpTo));
}

/**
 * The steps that take a deed back; empty where nothing can. An acknowledgement is undone by the one way that ISA-18.2
 * leaves: an alarm that comes off the shelf must be acknowledged again. The shelf ends by itself if the second step fails.
 */
export function undoOf(
  deed: ActionName,
  before: AlarmItem,
  after: AlarmDetail,
  note: string,
  nowMs: number,
): readonly Step[] {
  const unshelve: Step = { action: 'unshelve', body: { note } };
  switch (deed) {
    case 'ack':
      if (after.state !== 'acknowledged') return [];
      return [{ action: 'shelve', body: { note, until: new Date(nowMs + UNDO_SHELF_MS).toISOString() } }, unshelve];
    case 'shelve':
      return [unshelve];
    case 'suppress':
      return [{ action: 'unsuppress', body: { note } }];
    case 'out-of-service':
      return [{ action: 'return-to-service', body: { note } }];
    case 'assign':
      return [{ action: 'assign', body: { assignee: before.assignee ?? '', note } }];
    default:
      return [];
  }
}

/** What happened to the alarm after the version that somebody saw; null when nothing did. */
export function changeSince(version: number, { transitions }: AlarmDetail): AlarmTransition | null {
  return transitions.filter(({ seq }) => seq > version).at(-1) ?? null;
}

/** What an alarm offers, in the order in which people need it. */
export function deedsFor(alarm: AlarmItem): readonly Deed[] {
  if (!alarm.is_open) return ['verdict'];
  const back: Deed[] = [];
  if (alarm.overlay === 'shelved') back.push('unshelve');
  if (alarm.overlay === 'suppressed') back.push('unsuppress');
  if (alarm.overlay === 'out_of_service') back.push('return-to-service');
  const first: Deed[] = alarm.state === 'acknowledged' ? ['verdict'] : ['ack'];
  const shelve: Deed[] = alarm.overlay === 'none' ? ['shelve'] : [];
  const isHidden = alarm.overlay !== 'none';
  // An alarm that is over offers nothing: what is out of service could not be returned any more.
  const close: Deed[] = alarm.state === 'acknowledged' && alarm.overlay !== 'out_of_service' ? ['close'] : [];
  const last: Deed[] = alarm.state === 'unacknowledged' ? ['verdict'] : close;
  const hide: Deed[] = isHidden ? [] : ['suppress', 'out-of-service'];
  return [...back, ...first, ...shelve, 'assign', 'note', ...last, ...hide];
}
