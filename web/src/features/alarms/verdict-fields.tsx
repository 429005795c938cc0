import { useId } from 'react';
import { useAlarm } from '../../alarms/queries';
import { useReadingSchema } from '../../api/schema-query';
import type { AlarmItem } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { formatClock } from '../../lib/time';
import { autofocus } from './autofocus';
import css from './deed-dialog.module.css';
import { FINDINGS } from './draft';
import type { FieldsProps } from './fields';

interface Props extends FieldsProps {
  alarm: AlarmItem;
  modeTitle: (mode: string) => string;
  /** Whether one may also say that it is not known yet. */
  mayBeUnknown: boolean;
  lacksFinding: boolean;
  focus: boolean;
}

/** What was found: right or not first; what it cost only for who knows it. */
export function VerdictFields({ alarm, draft, change, modeTitle, mayBeUnknown, lacksFinding, focus }: Props) {
  const words = useAlarmWords();
  const id = useId();
  const known = useAlarm(alarm.alarm_id).data;
  const modes = useReadingSchema(alarm.equipment).data?.modes ?? [];
  const before = known?.verdict ?? null;
  const currency = known?.track_record?.currency ?? '';
  const option = (value: (typeof FINDINGS)[number] | null, label: string, isFirst: boolean) => (
    <label key={label} className={css['option']}>
      <input
        type="radio"
        name={id}
        ref={isFirst && focus ? autofocus : undefined}
        checked={draft.finding === value}
        onChange={() => change({ finding: value })}
      />
      {label}
    </label>
  );
  return (
    <>
      {mayBeUnknown && <p>{words.dialog.closeHint}</p>}
      {before !== null && (
        <p className={css['before']}>
          {words.dialog.before(
            words.dialog.findings[before.finding],
            before.actor,
            formatClock(Date.parse(before.given_at)),
          )}
        </p>
      )}
      <fieldset className={css['findings']} aria-describedby={`${id}f`}>
        <legend>{words.dialog.finding}</legend>
        {FINDINGS.map((value, at) => option(value, words.dialog.findings[value], at === 0))}
        {mayBeUnknown && option(null, words.dialog.withoutVerdict, false)}
        <small id={`${id}f`}>{lacksFinding ? words.dialog.findingRequired : ''}</small>
      </fieldset>
      <details className={css['more']}>
        <summary>{words.dialog.more}</summary>
        {draft.finding === 'confirmed' && (
          <>
            <div className={css['field']}>
              <label htmlFor={`${id}m`}>{words.dialog.trueMode}</label>
              <select
                id={`${id}m`}
                value={draft.trueMode}
                onChange={({ target }) => change({ trueMode: target.value })}
              >
                <option value="">{words.dialog.asRaised}</option>
                {modes.map(({ name }) => (
                  <option key={name} value={name}>
                    {modeTitle(name)}
                  </option>
                ))}
              </select>
            </div>
            <div className={css['field']}>
              <label htmlFor={`${id}a`}>{words.dialog.failedAt}</label>
              <input
                id={`${id}a`}
                type="datetime-local"
                value={draft.failedAt}
                onChange={({ target }) => change({ failedAt: target.value })}
              />
            </div>
          </>
        )}
        <div className={css['field']}>
          <label htmlFor={`${id}h`}>{words.dialog.downH}</label>
          <input
            id={`${id}h`}
            type="number"
            min={0}
            step="any"
            value={draft.downH}
            onChange={({ target }) => change({ downH: target.value })}
          />
        </div>
        <div className={css['field']}>
          <label htmlFor={`${id}c`}>{words.dialog.cost(currency)}</label>
          <input
            id={`${id}c`}
            type="number"
            min={0}
            step="any"
            value={draft.cost}
            onChange={({ target }) => change({ cost: target.value })}
          />
        </div>
      </details>
    </>
  );
}
