import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../../api/errors';
import type { AlarmDetail, AlarmTransition } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatClock } from '../../lib/time';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import css from './toast.module.css';

const SHOWN_MS = 12_000;

export type Told =
  | { readonly kind: 'done'; readonly text: string; readonly undo?: () => void }
  | {
      readonly kind: 'conflict';
      readonly alarm: AlarmDetail;
      readonly change: AlarmTransition | null;
      readonly again: () => void;
    }
  | { readonly kind: 'failed'; readonly error: Error };

/** What came of an action. Success goes by itself, unless somebody is at it; what went wrong stays until it was read. */
export function Toast({ told, onDismiss }: { told: Told | null; onDismiss: () => void }) {
  const words = useAlarmWords();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (told?.kind !== 'done' || isHeld) return;
    const timer = setTimeout(onDismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [told, isHeld, onDismiss]);
  const hold = (is: boolean) => () => setHeld(is);
  return (
    <div
      role="status"
      className={css['place']}
      onPointerEnter={hold(true)}
      onPointerLeave={hold(false)}
      onFocus={hold(true)}
      onBlur={hold(false)}
    >
      {told !== null && (
        <div className={`${css['toast']} ${told.kind === 'done' ? '' : css['wrong']}`}>
          <Content told={told} onDismiss={onDismiss} />
          <Button look="bar" aria-label={words.told.dismiss} onClick={onDismiss}>
            <Icon name="close" />
          </Button>
        </div>
      )}
    </div>
  );
}

function Content({ told, onDismiss }: { told: Told; onDismiss: () => void }) {
  const { t } = useWords();
  const words = useAlarmWords();
  const after = (call: () => void) => () => {
    onDismiss();
    call();
  };
  switch (told.kind) {
    case 'done':
      return (
        <>
          <p>{told.text}</p>
          {told.undo !== undefined && <Button onClick={after(told.undo)}>{words.told.undo}</Button>}
        </>
      );
    case 'conflict': {
      const { alarm, change, again } = told;
      const who = change?.actor ?? alarm.changed_by;
      const what = change === null ? words.state[alarm.state] : words.kinds[change.kind];
      const when = formatClock(Date.parse(change?.at ?? alarm.changed_at));
      return (
        <>
          <p>{words.told.conflict(what, who === 'system' ? words.system : who, when)}</p>
          <Link href={`/alarms/${alarm.alarm_id}`} onClick={onDismiss}>
            {words.told.look}
          </Link>
          {alarm.is_open && <Button onClick={after(again)}>{words.told.anyway}</Button>}
        </>
      );
    }
    case 'failed': {
      const isAway = told.error instanceof ApiError && told.error.status === 0;
      return (
        <p>
          {words.dialog.failed} {isAway ? t.panel.network : told.error.message}
        </p>
      );
    }
  }
}
