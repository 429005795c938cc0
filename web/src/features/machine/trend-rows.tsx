import { useEffect, useRef, useState } from 'react';
import type { SignalSpec } from '../../api/reading-schema';
import type { AlarmPeriod } from '../../charts/alarm-periods';
import { BandBar } from '../../charts/band-bar';
import type { Drawable } from '../../charts/history';
import { DrawQueue, TrendChart } from '../../charts/trend-chart';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { formatClock, formatDateTime } from '../../lib/time';
import css from './trends.module.css';

export interface TrendSpec {
  readonly name: string;
  readonly title: string;
  readonly signal: SignalSpec | null;
  readonly threshold: number | null;
  readonly format: (value: number) => string;
  readonly formatTick: (value: number) => string;
}

interface Props {
  specs: readonly TrendSpec[];
  drawable: Drawable;
  periods: readonly AlarmPeriod[];
  fromMs: number;
  toMs: number;
  onZoom: (fromS: number, toS: number) => void;
}

const HEIGHT = 84;
const TIME_AXIS = 26;

/** Small charts below each other with one cursor; what the pointer shows, the slider below shows by keyboard. */
export function TrendRows({ specs, drawable, periods, fromMs, toMs, onZoom }: Props) {
  const { t, lang } = useWords();
  const { charts, chartOf, plots } = useCharts(specs, onZoom, (at) => setCursor(at));
  const [cursor, setCursor] = useState<number | null>(null);
  const queue = useRef(new DrawQueue());
  const { seconds, series } = drawable;

  useEffect(() => {
    queue.current.schedule(
      specs.map(({ name }) => () => {
        chartOf.current(name)?.draw(seconds, series.get(name) ?? [], periods, fromMs / 1000, toMs / 1000);
      }),
    );
  }, [chartOf, specs, seconds, series, periods, fromMs, toMs]);
  useEffect(() => () => queue.current.stop(), []);

  const last = seconds.length - 1;
  const at = Math.min(cursor ?? last, last);
  const time = (seconds[at] ?? 0) * 1000;
  return (
    <>
      <ul className={css['rows']}>
        {specs.map((spec, row) => (
          <li key={spec.name} className={css['row']}>
            <Readout spec={spec} value={series.get(spec.name)?.[at] ?? null} />
            <div
              ref={(element) => {
                if (element === null) plots.current.delete(spec.name);
                else plots.current.set(spec.name, element);
              }}
              className={css['plot']}
              role="img"
              aria-label={`${spec.title}, ${formatClock(fromMs)} – ${formatClock(toMs)}`}
              style={{ height: HEIGHT + (row === specs.length - 1 ? TIME_AXIS : 0) }}
            />
          </li>
        ))}
      </ul>
      <label className={css['cursor']}>
        <span>
          {t.machine.cursor}: {formatDateTime(time, lang)}
        </span>
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          aria-valuetext={formatDateTime(time, lang)}
          onChange={(event) => {
            for (const chart of charts.current.values()) chart.point(Number(event.target.value));
          }}
        />
      </label>
    </>
  );
}

function Readout({ spec, value }: { spec: TrendSpec; value: number | null }) {
  const { t, lang } = useWords();
  const { signal } = spec;
  return (
    <div className={css['readout']}>
      <h3>{spec.title}</h3>
      <p className={css['value']}>{value === null ? '–' : spec.format(value)}</p>
      {signal !== null && value !== null && (
        <>
          <BandBar spec={signal} value={value} />
          <p className={css['band']}>
            {t.machine.normalRange(
              formatNumber(signal.normal[0], signal.decimals, lang),
              formatNumber(signal.normal[1], signal.decimals, lang),
            )}
          </p>
        </>
      )}
    </div>
  );
}

/** One chart per spec for as long as the specs stay the same, each made when it is first drawn. */
function useCharts(
  specs: readonly TrendSpec[],
  onZoom: (fromS: number, toS: number) => void,
  onCursor: (at: number | null) => void,
) {
  const charts = useRef(new Map<string, TrendChart>());
  const chartOf = useRef<(name: string) => TrendChart | undefined>(() => undefined);
  const plots = useRef(new Map<string, HTMLElement>());
  const calls = useRef({ onZoom, onCursor });
  useEffect(() => {
    calls.current = { onZoom, onCursor };
  });
  useEffect(() => {
    const made = charts.current;
    chartOf.current = (name) => {
      const row = specs.findIndex((one) => one.name === name);
      const [spec, element] = [specs[row], plots.current.get(name)];
      if (spec === undefined || element === undefined || made.has(name)) return made.get(name);
      const isLast = row === specs.length - 1;
      const chart = new TrendChart(element, {
        band: spec.signal?.normal ?? null,
        threshold: spec.threshold,
        scale: spec.signal === null ? [0, 1] : null,
        showsTime: isLast,
        height: HEIGHT + (isLast ? TIME_AXIS : 0),
        formatValue: spec.formatTick,
        formatTime: (seconds, stepS) => formatClock(seconds * 1000).slice(0, stepS < 60 ? 8 : 5),
        // The charts share one cursor: the first speaks for all.
        onCursor: (at) => row === 0 && calls.current.onCursor(at),
        onZoom: (fromS, toS) => calls.current.onZoom(fromS, toS),
      });
      made.set(name, chart);
      return chart;
    };
    return () => {
      for (const chart of made.values()) chart.destroy();
      made.clear();
    };
  }, [specs]);
  return { charts, chartOf, plots };
}
