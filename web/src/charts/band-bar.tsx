import type { SignalSpec } from '../api/reading-schema';
import css from './bars.module.css';

/** A value on the range of the training data, the normal band shaded. The number beside it is the text. */
export function BandBar({ spec, value }: { spec: SignalSpec; value: number }) {
  const [low, high] = spec.envelope;
  const percent = (amount: number) => Math.min(100, Math.max(0, ((amount - low) / (high - low)) * 100));
  const [from, to] = spec.normal;
  return (
    <div className={css['track']} aria-hidden="true">
      <span className={css['normal']} style={{ left: `${percent(from)}%`, width: `${percent(to) - percent(from)}%` }} />
      <span className={css['marker']} style={{ left: `${percent(value)}%` }} />
    </div>
  );
}
