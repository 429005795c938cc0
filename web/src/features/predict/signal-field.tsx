import { useId } from 'react';
import type { SignalSpec } from '../../api/reading-schema';
import type { FieldError } from '../../api/types';
import { BandBar } from '../../charts/band-bar';
import { usePredictWords } from '../../i18n/predict-words';
import { titleOf, useWords } from '../../i18n/t';
import { formatNumber, formatQuantity } from '../../lib/format';
import { inCelsius } from '../../lib/units';
import { numberOf } from '../../lib/url-state';
import { Button } from '../../ui/button';
import { FieldMessages } from './field-messages';
import css from './fields.module.css';

interface Props {
  signal: SignalSpec;
  text: string;
  errors: readonly FieldError[];
  onChange: (text: string) => void;
}

/** A signal as number and slider. The slider spans the training data; the number takes anything. */
export function SignalField({ signal, text, errors, onChange }: Props) {
  const { t, lang } = useWords();
  const words = usePredictWords();
  const id = useId();
  const { unit, decimals } = signal;
  const title = titleOf(t, signal.name, signal.title);
  const value = numberOf(text);
  const isPlausible = value !== null && value >= signal.plausible[0] && value <= signal.plausible[1];
  const celsius = isPlausible ? inCelsius(value, unit) : null;
  const step = 10 ** -decimals;
  const suggested = errors.find((error) => typeof error.suggested === 'number')?.suggested ?? null;
  const isWrong = value === null || errors.length > 0;
  return (
    <div className={css['signal']}>
      <label htmlFor={id}>{title}</label>
      <span className={css['quantity']}>
        <input
          id={id}
          type="number"
          inputMode="decimal"
          className={css['text']}
          value={text}
          step={step}
          aria-invalid={isWrong}
          aria-describedby={`${id}hints`}
          onChange={(event) => onChange(event.target.value)}
        />
        <span className={css['unit']}>{unit}</span>
      </span>
      <div className={css['slide']}>
        <input
          type="range"
          aria-label={title}
          min={signal.envelope[0]}
          max={signal.envelope[1]}
          step={step}
          value={value ?? signal.envelope[0]}
          aria-valuetext={value === null ? words.enterNumber : formatQuantity(value, unit, decimals, lang)}
          onChange={(event) => onChange(event.target.value)}
        />
        <BandBar spec={signal} value={value ?? signal.envelope[0]} />
      </div>
      <FieldMessages id={`${id}hints`} errors={errors}>
        {value === null && <p className={css['error']}>{words.enterNumber}</p>}
        {suggested !== null && (
          <Button className={css['suggest']} onClick={() => onChange(String(Number(suggested.toFixed(4))))}>
            {words.takeSuggested(formatQuantity(suggested, unit, 2, lang))}
          </Button>
        )}
        <p className={css['hint']}>
          {t.machine.normalRange(
            formatNumber(signal.normal[0], decimals, lang),
            formatQuantity(signal.normal[1], unit, decimals, lang),
          )}
          {celsius !== null && ` · ${words.celsius(formatQuantity(celsius, '°C', 1, lang))}`}
        </p>
      </FieldMessages>
    </div>
  );
}
