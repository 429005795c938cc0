import { useId } from 'react';
import type { ReadingSchema } from '../../api/reading-schema';
import type { FieldError } from '../../api/types';
import { usePredictWords } from '../../i18n/predict-words';
import { FieldMessages } from './field-messages';
import css from './fields.module.css';
import type { ReadingForm } from './reading-form';
import { SignalField } from './signal-field';

interface Props {
  form: ReadingForm;
  schema: ReadingSchema;
  errors: ReadonlyMap<string, FieldError[]>;
  onChange: (form: ReadingForm) => void;
}

/** The form, drawn from the equipment's schema. */
export function ReadingFields({ form, schema, errors, onChange }: Props) {
  const words = usePredictWords();
  const ids = useId();
  const setValue = (name: string, text: string) => onChange({ ...form, values: { ...form.values, [name]: text } });
  return (
    <form className={css['fields']} onSubmit={(event) => event.preventDefault()} noValidate>
      <div className={css['identity']}>
        <div>
          <label htmlFor={`${ids}machine`}>{words.machineId}</label>
          <input
            id={`${ids}machine`}
            className={css['text']}
            value={form.machineId}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${ids}machine-errors`}
            onChange={(event) => onChange({ ...form, machineId: event.target.value })}
          />
          <FieldMessages id={`${ids}machine-errors`} errors={errors.get('machine_id') ?? []} />
        </div>
        <div>
          <label htmlFor={`${ids}type`}>{words.productType}</label>
          <select
            id={`${ids}type`}
            className={css['text']}
            value={form.productType}
            aria-describedby={`${ids}type-errors`}
            onChange={(event) => onChange({ ...form, productType: event.target.value })}
          >
            <option value="">{words.fromMachine}</option>
            {schema.productTypes.map((type) => (
              <option key={type}>{type}</option>
            ))}
          </select>
          <FieldMessages id={`${ids}type-errors`} errors={errors.get('product_type') ?? []} />
        </div>
      </div>
      {schema.signals.map((signal) => (
        <SignalField
          key={signal.name}
          signal={signal}
          text={form.values[signal.name] ?? ''}
          errors={errors.get(signal.name) ?? []}
          onChange={(text) => setValue(signal.name, text)}
        />
      ))}
    </form>
  );
}
