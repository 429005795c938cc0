import { useId } from 'react';
import { useConditionTitle } from '../../charts/use-condition-title';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatMoney } from '../../lib/format';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { budget, conditionNumber, cost, warningHorizon, withCondition } from './draft';
import { type FieldProps, NumberInput } from './number-input';
import css from './policy-fields.module.css';

/** Conditions that no published limit can decide. */
const WITHOUT_LIMITS = new Set(['failure', 'anomaly']);

/** What alarms and failures cost, and how many alarms a shift can take. */
export function MoneyFields(props: FieldProps) {
  const { lang } = useWords();
  const words = usePolicyWords().policies;
  const id = useId();
  const { draft, onChange } = props;
  const { costs } = draft.policy;
  const unwarned = costs.miss + costs.miss_hours_down * costs.hour_down;
  const setCurrency = (currency: string) =>
    onChange({ ...draft, policy: { ...draft.policy, costs: { ...costs, currency: currency.toUpperCase() } } });
  return (
    <Panel title={words.money}>
      <div className={css['grid']}>
        <div className={css['field']}>
          <label htmlFor={id}>{words.currency}</label>
          <input
            id={id}
            className={css['number']}
            value={costs.currency}
            maxLength={3}
            autoComplete="off"
            onChange={(event) => setCurrency(event.target.value)}
          />
        </div>
        <NumberInput {...props} field={cost('visit')} label={words.visit} unit={costs.currency} />
        <NumberInput {...props} field={cost('miss')} label={words.miss} unit={costs.currency} />
        <NumberInput {...props} field={cost('hour_down')} label={words.hourDown} unit={costs.currency} />
        <NumberInput {...props} field={cost('miss_hours_down')} label={words.hoursDown} unit="h" />
        <NumberInput {...props} field={budget('alarms_per_shift')} label={words.budget} />
        <NumberInput {...props} field={budget('shift_h')} label={words.shift} unit="h" />
        <NumberInput {...props} field={warningHorizon} label={words.horizon} unit={words.horizonUnit} />
      </div>
      <p className={page['note']}>{words.unwarned(formatMoney(unwarned, costs.currency, lang))}</p>
    </Panel>
  );
}

/** Threshold, dead band, delays and priority of every condition. */
export function ConditionFields(props: FieldProps) {
  const words = usePolicyWords().policies;
  const { draft, onChange } = props;
  const titled = useConditionTitle(draft.policy.equipment);
  const set = (name: string, change: Parameters<typeof withCondition>[2]) =>
    onChange({ ...draft, policy: withCondition(draft.policy, name, change) });
  const numbers = [
    ['raise_at', words.raiseAt, ''],
    ['dead_band', words.deadBand, ''],
    ['on_delay_s', words.onDelay, 's'],
    ['off_delay_s', words.offDelay, 's'],
  ] as const;
  return (
    <Panel title={words.conditions}>
      <ul className={css['conditions']}>
        {Object.entries(draft.policy.conditions).map(([name, condition]) => {
          return (
            <li key={name} className={css['condition']}>
              <h3>{titled(name)}</h3>
              {numbers.map(([key, label, unit]) => (
                <NumberInput key={key} {...props} field={conditionNumber(name, key)} label={label} unit={unit} />
              ))}
              <Select
                label={words.priority}
                value={String(condition.priority)}
                options={words.priorities.map((label, at) => [String(at + 1), label])}
                onChange={(value) => set(name, { priority: Number(value) })}
              />
              {WITHOUT_LIMITS.has(name) ? (
                <span />
              ) : (
                <Select
                  label={words.source}
                  value={condition.source ?? 'model'}
                  options={Object.entries(words.sources)}
                  onChange={(value) => set(name, { source: value === 'rules' ? 'rules' : 'model' })}
                />
              )}
            </li>
          );
        })}
      </ul>
      <p className={page['note']}>{words.conditionsHint}</p>
    </Panel>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

function Select({ label, value, options, onChange }: SelectProps) {
  const id = useId();
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={css['select']} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
