import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ALARMS } from '../../alarms/queries';
import { actOnAlarm, getAlarm, giveVerdict } from '../../api/alarms';
import { ApiError } from '../../api/errors';
import type { AlarmDetail, AlarmItem, AlarmTransition, VerdictRequest } from '../../api/types';
import { prefsNow } from '../../lib/prefs';
import { changeSince, type Step } from './deeds';

export type Found = Omit<VerdictRequest, 'actor'>;

/** How it went. A conflict tells what the others did, and what the alarm is now. */
export type Outcome =
  | { readonly kind: 'done'; readonly alarm: AlarmDetail }
  | { readonly kind: 'conflict'; readonly alarm: AlarmDetail; readonly change: AlarmTransition | null }
  | { readonly kind: 'failed'; readonly error: Error };

export interface Act {
  /** One action after the other, each on the alarm as the one before left it. */
  readonly steps: (alarm: AlarmItem, steps: readonly Step[]) => Promise<Outcome>;
  readonly verdict: (alarm: AlarmItem, found: Found) => Promise<Outcome>;
}

/** Carries out what somebody wants. What is shown of alarms is asked anew afterwards, whatever came of it. */
export function useAct(): Act {
  const queries = useQueryClient();
  const attempt = useCallback(
    async (alarm: AlarmItem, work: () => Promise<AlarmDetail>): Promise<Outcome> => {
      try {
        const after = await work();
        queries.setQueryData([ALARMS, 'one', alarm.alarm_id], after);
        return { kind: 'done', alarm: after };
      } catch (error) {
        return await whyNot(error, alarm);
      } finally {
        void queries.invalidateQueries({ queryKey: [ALARMS] });
      }
    },
    [queries],
  );
  const steps = useCallback<Act['steps']>(
    (alarm, wanted) => attempt(alarm, () => inTurn(alarm, wanted, prefsNow().name)),
    [attempt],
  );
  const verdict = useCallback<Act['verdict']>(
    (alarm, found) => attempt(alarm, () => giveVerdict(alarm.alarm_id, found, prefsNow().name)),
    [attempt],
  );
  return { steps, verdict };
}

async function inTurn(alarm: AlarmItem, steps: readonly Step[], name: string): Promise<AlarmDetail> {
  const [first, ...rest] = steps;
  if (first === undefined) return getAlarm(alarm.alarm_id);
  const after = await actOnAlarm(alarm, first.action, first.body, name);
  return rest.length === 0 ? after : inTurn(after, rest, name);
}

async function whyNot(error: unknown, alarm: AlarmItem): Promise<Outcome> {
  if (error instanceof ApiError && error.status === 409) {
    const now = await getAlarm(alarm.alarm_id).catch(() => null);
    if (now !== null) return { kind: 'conflict', alarm: now, change: changeSince(alarm.version, now) };
  }
  return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
}
