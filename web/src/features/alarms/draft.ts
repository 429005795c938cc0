/** What somebody has filled in about a deed so far, and what it comes to. Pure. */

import type { Deed } from '../../alarms/desk';
import type { AlarmItem, VerdictRequest } from '../../api/types';
import { fromLocal, toLocal } from '../../lib/local-time';
import { needsNote } from './deeds';
import type { Wanted } from './desk-host';
import type { Found } from './use-act';

export const DURATIONS = ['15', '60', '240', '480', 'one-shot'] as const;
export type Duration = (typeof DURATIONS)[number];
export type Finding = VerdictRequest['finding'];
export const FINDINGS: readonly Finding[] = ['confirmed', 'false', 'not_found', 'planned'];

export interface Draft {
  readonly name: string;
  readonly note: string;
  readonly duration: Duration;
  readonly assignee: string;
  /** The maintenance window, as `datetime-local` gives it. */
  readonly from: string;
  readonly until: string;
  /** Null while it is not known. */
  readonly finding: Finding | null;
  /** Empty: as the alarm said. */
  readonly trueMode: string;
  /** As `datetime-local` gives it, in the zone of the screen; empty when not known. */
  readonly failedAt: string;
  readonly downH: string;
  readonly cost: string;
}

/** Which field stands in the way; null when nothing does. */
export type Lack = 'name' | 'note' | 'finding' | 'window' | null;

const USUAL_WINDOW_MS = 2 * 3_600_000;
/** Nobody plans maintenance to the second. */
const toMinute = (epochMs: number) => toLocal(epochMs).slice(0, 16);

export function emptyDraft(name: string, nowMs: number): Draft {
  return {
    name,
    note: '',
    duration: '15',
    assignee: name,
    from: toMinute(nowMs),
    until: toMinute(nowMs + USUAL_WINDOW_MS),
    finding: null,
    trueMode: '',
    failedAt: '',
    downH: '',
    cost: '',
  };
}

export function lackOf(deed: Deed, alarm: AlarmItem, draft: Draft, noteUpTo: number, nowMs: number): Lack {
  if (draft.name.trim() === '') return 'name';
  if (deed === 'suppress' && !isWindow(draft, nowMs)) return 'window';
  if (needsNote(deed, alarm, noteUpTo) && draft.note.trim() === '') return 'note';
  return deed === 'verdict' && draft.finding === null ? 'finding' : null;
}

/** A maintenance window has an end, later than its start and than now. */
function isWindow({ from, until }: Draft, nowMs: number): boolean {
  const [start, end] = [fromLocal(from), fromLocal(until)];
  return start !== null && end !== null && end > Math.max(start, nowMs);
}

export function untilOf(duration: Duration, nowMs: number): string | null {
  return duration === 'one-shot' ? null : new Date(nowMs + Number(duration) * 60_000).toISOString();
}

/** The calls that carry the draft out; complete drafts only. */
export function wantedOf(deed: Deed, alarm: AlarmItem, draft: Draft, nowMs: number): Wanted {
  const note = draft.note.trim();
  switch (deed) {
    case 'verdict':
      return { found: foundOf(alarm, draft, note), step: null };
    case 'close':
      return { found: foundOf(alarm, draft, note), step: { action: 'close', body: { note } } };
    case 'shelve': {
      const until = untilOf(draft.duration, nowMs);
      return { found: null, step: { action: 'shelve', body: { note, until, one_shot: until === null } } };
    }
    case 'suppress': {
      const [from, until] = [fromLocal(draft.from), fromLocal(draft.until)].map((ms) =>
        ms === null ? null : new Date(ms).toISOString(),
      );
      return { found: null, step: { action: 'suppress', body: { note, from: from ?? null, until: until ?? null } } };
    }
    case 'assign':
      return { found: null, step: { action: 'assign', body: { assignee: draft.assignee.trim(), note } } };
    default:
      return { found: null, step: { action: deed, body: { note } } };
  }
}

function foundOf(alarm: AlarmItem, draft: Draft, note: string): Found | null {
  if (draft.finding === null) return null;
  const isRight = draft.finding === 'confirmed';
  const cost = Number(draft.cost);
  return {
    finding: draft.finding,
    note,
    true_mode: isRight ? draft.trueMode || alarm.mode : null,
    failed_at: isRight && draft.failedAt !== '' ? new Date(draft.failedAt).toISOString() : null,
    down_h: Number(draft.downH) || 0,
    cost: draft.cost.trim() === '' || !Number.isFinite(cost) ? null : cost,
  };
}
