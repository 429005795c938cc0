import { useId } from 'react';
import type { FieldError } from '../../api/types';
import { type Draft, type NumberField, numberIn, textOf, typed } from './draft';
import css from './policy-fields.module.css';

export interface FieldProps {
  draft: Draft;
  /** What the gateway says about the draft, by JSON pointer. */
  errors: ReadonlyMap<string, readonly FieldError[]>;
  onChange: (draft: Draft) => void;
}

interface Props extends FieldProps {
  field: NumberField;
  label: string;
  unit?: string;
}

/** One number of the policy, with what the gateway says about it. */
export function NumberInput({ field, label, unit = '', draft, errors, onChange }: Props) {
  const id = useId();
  const text = textOf(draft, field);
  const faults = errors.get(`/policy${field.pointer}`) ?? [];
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      <span className={css['quantity']}>
        <input
          id={id}
          type="number"
          inputMode="decimal"
          step="any"
          className={css['number']}
          value={text}
          aria-invalid={numberIn(text) === null || faults.length > 0}
          aria-describedby={`${id}faults`}
          onChange={(event) => onChange(typed(draft, field, event.target.value))}
        />
        {unit !== '' && <span className={css['unit']}>{unit}</span>}
      </span>
      <p id={`${id}faults`} className={css['fault']}>
        {faults.map(({ detail }) => detail).join('; ')}
      </p>
    </div>
  );
}
