import { useId, useState } from 'react';
import type { ReadingBody } from '../../api/client';
import type { ReadingSchema, SignalSpec } from '../../api/reading-schema';
import { usePredictWords } from '../../i18n/predict-words';
import { titleOf, useWords } from '../../i18n/t';
import { formatProbability, formatQuantity } from '../../lib/format';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { type CurvePoint, useCurve } from './queries';
import css from './what-if.module.css';

const WIDTH = 600;
const HEIGHT = 120;

interface Props {
  schema: ReadingSchema;
  reading: ReadingBody | null;
  threshold: number | null;
}

/** The failure probability as one signal varies and the rest of the reading stays. */
export function WhatIf({ schema, reading, threshold }: Props) {
  const { t } = useWords();
  const words = usePredictWords();
  const id = useId();
  const [name, setName] = useState('torque');
  const signal = schema.signals.find((one) => one.name === name) ?? schema.signals[0];
  if (signal === undefined || reading === null) return null;
  return (
    <Panel
      title={words.whatIf}
      aside={
        <span className={css['choose']}>
          <label htmlFor={id}>{words.whatIfOver}</label>
          <select id={id} value={signal.name} onChange={(event) => setName(event.target.value)}>
            {schema.signals.map((one) => (
              <option key={one.name} value={one.name}>
                {titleOf(t, one.name, one.title)}
              </option>
            ))}
          </select>
        </span>
      }
    >
      <Curve signal={signal} reading={reading} threshold={threshold} />
    </Panel>
  );
}

function Curve({ signal, reading, threshold }: { signal: SignalSpec; reading: ReadingBody; threshold: number | null }) {
  const { t, lang } = useWords();
  const words = usePredictWords();
  const curve = useCurve(reading, signal);
  if (curve.error !== null) return <Failure error={curve.error} onRetry={() => void curve.refetch()} />;
  if (curve.data === undefined) return <Skeleton lines={4} />;
  const [low, high] = signal.envelope;
  const title = titleOf(t, signal.name, signal.title);
  const now = Number(reading[signal.name]);
  const x = (value: number) => ((value - low) / (high - low)) * WIDTH;
  const quantity = (value: number) => formatQuantity(value, signal.unit, signal.decimals, lang);
  return (
    <figure>
      <div className={css['plot']}>
        <span className={css['top']}>{formatProbability(1, lang)}</span>
        <span className={css['bottom']}>{formatProbability(0, lang)}</span>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${words.whatIfLabel(title)}: ${summary(curve.data)}`}
        >
          <rect
            className={css['band']}
            x={x(signal.normal[0])}
            width={x(signal.normal[1]) - x(signal.normal[0])}
            height={HEIGHT}
          />
          {threshold !== null && (
            <line className={css['threshold']} x1={0} x2={WIDTH} y1={y(threshold)} y2={y(threshold)} />
          )}
          <path className={css['curve']} d={pathOf(curve.data, x)} />
          {now >= low && now <= high && <line className={css['now']} x1={x(now)} x2={x(now)} y1={0} y2={HEIGHT} />}
        </svg>
      </div>
      <figcaption className={css['axis']}>
        <span>{quantity(low)}</span>
        <span>
          {title} · {words.whatIfNow} {quantity(now)}
        </span>
        <span>{quantity(high)}</span>
      </figcaption>
    </figure>
  );

  function summary(points: readonly CurvePoint[]): string {
    return points
      .filter((_, at) => at % 10 === 0)
      .map(
        ({ value, probability }) =>
          `${quantity(value)} ${probability === null ? '–' : formatProbability(probability, lang)}`,
      )
      .join(', ');
  }
}

const y = (probability: number) => (1 - probability) * HEIGHT;

/** A line through the judged points; a point that cannot be judged interrupts it. */
export function pathOf(points: readonly CurvePoint[], x: (value: number) => number): string {
  let isDrawing = false;
  return points
    .map(({ value, probability }) => {
      if (probability === null) {
        isDrawing = false;
        return '';
      }
      const command = isDrawing ? 'L' : 'M';
      isDrawing = true;
      return `${command}${x(value).toFixed(1)} ${y(probability).toFixed(1)}`;
    })
    .join('');
}
