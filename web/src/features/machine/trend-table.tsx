import { type AlarmPeriod, alarmsAt } from '../../charts/alarm-periods';
import type { Drawable } from '../../charts/history';
import { useWords } from '../../i18n/t';
import { formatDateTime } from '../../lib/time';
import type { TrendSpec } from './trend-rows';
import css from './trends.module.css';

const ROWS = 100;

interface Props {
  specs: readonly TrendSpec[];
  drawable: Drawable;
  periods: readonly AlarmPeriod[];
}

/** The charts in words: the newest readings of the range, newest first. */
export function TrendTable({ specs, drawable, periods }: Props) {
  const { t, lang } = useWords();
  const { seconds, series } = drawable;
  const newest = seconds
    .map((_, at) => at)
    .slice(-ROWS)
    .reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={css['scroller']} tabIndex={0} aria-label={t.machine.readings}>
      <table className={css['table']}>
        <thead>
          <tr>
            <th scope="col">{t.machine.time}</th>
            {specs.map((spec) => (
              <th key={spec.name} scope="col">
                {spec.title}
              </th>
            ))}
            <th scope="col">{t.nav.alarms}</th>
          </tr>
        </thead>
        <tbody>
          {newest.map((at) => (
            <tr key={seconds[at]}>
              <th scope="row">{formatDateTime((seconds[at] ?? 0) * 1000, lang)}</th>
              {specs.map((spec) => {
                const value = series.get(spec.name)?.[at] ?? null;
                return <td key={spec.name}>{value === null ? '–' : spec.format(value)}</td>;
              })}
              <td>{alarmsAt(periods, seconds[at] ?? 0).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
