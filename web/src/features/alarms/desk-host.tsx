import { useCallback, useEffect, useRef, useState } from 'react';
import type { Deed } from '../../alarms/desk';
import { useModeTitle } from '../../alarms/mode-title';
import { usePolicy } from '../../alarms/queries';
import { ApiError } from '../../api/errors';
import type { AlarmItem } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { prefsNow } from '../../lib/prefs';
import { useLiveStore } from '../../live/use-live';
import { DeedDialog } from './deed-dialog';
import { isAtOnce, type Step, undoOf } from './deeds';
import { Toast, type Told } from './toast';
import { type Act, type Found, type Outcome, useAct } from './use-act';

export interface Request {
  readonly deed: Deed;
  readonly alarm: AlarmItem;
  /** The gateway has asked for a word. */
  readonly wantsNote?: boolean;
}

/** What a dialog gathered: an action, a verdict, or a verdict and then an action. */
export interface Wanted {
  readonly found: Found | null;
  readonly step: Step | null;
}

/** Carries out requests: at once where nothing has to be said, else after asking. Says what came of it, and undoes it. */
export default function DeskHost({ request }: { request: Request }) {
  const words = useAlarmWords();
  const store = useLiveStore();
  const act = useAct();
  const modeTitle = useModeTitle(request.alarm.equipment);
  // Until the policy is known: a word for “stop now” only. If it wants more, the gateway says so.
  const noteUpTo = usePolicy(request.alarm.equipment).data?.policy.note_up_to_priority ?? 1;
  const [asking, setAsking] = useState<Request | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const dismiss = useCallback(() => setTold(null), []);
  const taken = useRef<Request | null>(null);

  const tell = ({ deed, alarm }: Request, outcome: Outcome) => {
    if (outcome.kind === 'done') {
      const text = words.told[deed](alarm.machine_id, modeTitle(alarm.mode));
      const undo = deed === 'verdict' ? [] : undoOf(deed, alarm, outcome.alarm, words.told.byMistake, store.now());
      setTold({ kind: 'done', text, ...(undo.length > 0 && { undo: () => void takeBack(outcome.alarm, undo) }) });
    } else if (outcome.kind === 'conflict') {
      setTold({ ...outcome, again: () => setAsking({ deed, alarm: outcome.alarm }) });
    } else {
      setTold({ kind: 'failed', error: outcome.error });
    }
  };
  const takeBack = async (alarm: AlarmItem, steps: readonly Step[]) => {
    const outcome = await act.steps(alarm, steps);
    if (outcome.kind === 'done') setTold({ kind: 'done', text: words.told.undone });
    else tell({ deed: 'ack', alarm }, outcome);
  };
  const doAtOnce = async (now: Request) => {
    if (now.deed === 'verdict') return;
    const outcome = await act.steps(now.alarm, [{ action: now.deed, body: {} }]);
    // The policy in force wants a word where ours would not.
    if (outcome.kind === 'failed' && outcome.error instanceof ApiError && outcome.error.code === 'note_required') {
      setAsking({ ...now, wantsNote: true });
    } else tell(now, outcome);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a request is taken once, whatever else has changed
  useEffect(() => {
    if (taken.current === request) return;
    taken.current = request;
    if (prefsNow().name !== '' && isAtOnce(request.deed, request.alarm, noteUpTo)) void doAtOnce(request);
    else setAsking(request);
  }, [request]);

  const carryOut = async (now: Request, wanted: Wanted): Promise<Error | null> => {
    const outcome = await inOrder(act, now.alarm, wanted);
    if (outcome.kind === 'failed') return outcome.error;
    setAsking(null);
    tell(now, outcome);
    return null;
  };
  return (
    <>
      {asking !== null && (
        <DeedDialog
          key={`${asking.deed} ${asking.alarm.alarm_id} ${asking.alarm.version}`}
          request={asking}
          noteUpTo={asking.wantsNote ? asking.alarm.priority : noteUpTo}
          modeTitle={modeTitle}
          onClose={() => setAsking(null)}
          onWanted={(wanted) => carryOut(asking, wanted)}
        />
      )}
      <Toast told={told} onDismiss={dismiss} />
    </>
  );
}

/** The verdict first: an alarm that is over takes no action, but a verdict at any time. */
async function inOrder(act: Act, alarm: AlarmItem, { found, step }: Wanted): Promise<Outcome> {
  if (found === null) return act.steps(alarm, step === null ? [] : [step]);
  const judged = await act.verdict(alarm, found);
  return judged.kind === 'done' && step !== null ? act.steps(judged.alarm, [step]) : judged;
}
