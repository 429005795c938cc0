import { useId } from 'react';
import { useAlarmWords } from '../../i18n/alarm-words';
import { formatClock } from '../../lib/time';
import { Button } from '../../ui/button';
import { Choice } from '../../ui/choice';
import { autofocus } from './autofocus';
import css from './deed-dialog.module.css';
import { type Draft, DURATIONS, untilOf } from './draft';

export interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

/** A shelf must end: by a time, or when the condition has gone. */
export function ShelveFields({ draft, change, nowMs }: FieldsProps & { nowMs: number }) {
  const words = useAlarmWords();
  const until = untilOf(draft.duration, nowMs);
  return (
    <div className={css['field']}>
      <span>{words.dialog.until}</span>
      <Choice
        label={words.dialog.until}
        value={draft.duration}
        options={DURATIONS.map((value) => ({ value, label: words.dialog.durations[value] }))}
        onChange={(duration) => change({ duration })}
      />
      <small>
        {until === null ? words.dialog.oneShotHint : words.dialog.untilHint(formatClock(Date.parse(until)))}
      </small>
    </div>
  );
}

/** A maintenance window: the alarm is hidden in it, and what happens in it raises none. */
export function SuppressFields({ draft, change, lacks }: FieldsProps & { lacks: boolean }) {
  const words = useAlarmWords().dialog;
  const id = useId();
  return (
    <div className={css['pair']}>
      <div className={css['field']}>
        <label htmlFor={`${id}f`}>{words.windowFrom}</label>
        <input
          id={`${id}f`}
          type="datetime-local"
          value={draft.from}
          onChange={({ target }) => change({ from: target.value })}
        />
      </div>
      <div className={css['field']}>
        <label htmlFor={`${id}u`}>{words.windowUntil}</label>
        <input
          id={`${id}u`}
          type="datetime-local"
          value={draft.until}
          aria-invalid={lacks}
          aria-describedby={`${id}h`}
          onChange={({ target }) => change({ until: target.value })}
        />
        <small id={`${id}h`}>{lacks ? words.windowRequired : words.windowHint}</small>
      </div>
    </div>
  );
}

export function AssignFields({ draft, change, focus }: FieldsProps & { focus: boolean }) {
  const words = useAlarmWords();
  const id = useId();
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{words.dialog.assignee}</label>
      <input
        id={id}
        ref={focus ? autofocus : undefined}
        value={draft.assignee}
        maxLength={64}
        onChange={({ target }) => change({ assignee: target.value })}
      />
      <span className={css['quick']}>
        <Button onClick={() => change({ assignee: draft.name })}>{words.dialog.me}</Button>
        <Button onClick={() => change({ assignee: '' })}>{words.dialog.unassign}</Button>
      </span>
    </div>
  );
}

interface NoteProps extends FieldsProps {
  isRequired: boolean;
  lacks: boolean;
  focus: boolean;
}

export function NoteField({ draft, change, isRequired, lacks, focus }: NoteProps) {
  const words = useAlarmWords();
  const id = useId();
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{isRequired ? words.dialog.note_required : words.dialog.note_optional}</label>
      <textarea
        id={id}
        ref={focus ? autofocus : undefined}
        rows={2}
        maxLength={2000}
        value={draft.note}
        required={isRequired}
        aria-invalid={lacks}
        aria-describedby={`${id}h`}
        onChange={({ target }) => change({ note: target.value })}
      />
      <small id={`${id}h`}>{lacks ? words.dialog.required : ''}</small>
    </div>
  );
}
