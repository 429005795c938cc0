/** A machine's history in columns, as the charts draw it. Grows at its end as assessments come in. Pure of React. */

import type { Assessment, Timeline } from '../api/types';

export const PROBABILITY = 'failure_probability';

/** Epoch seconds and one column per series; null where a gap in the data must stay a gap. */
export interface Drawable {
  readonly seconds: readonly number[];
  readonly series: ReadonlyMap<string, readonly (number | null)[]>;
}

export class History {
  readonly times: number[] = [];
  readonly #series = new Map<string, number[]>();
  readonly #names: readonly string[];

  /** `names` are the signals; the failure probability is always kept. */
  constructor(names: readonly string[]) {
    this.#names = names;
    for (const name of [...names, PROBABILITY]) this.#series.set(name, []);
  }

  static of(timeline: Timeline, names: readonly string[]): History {
    const history = new History(names);
    history.times.push(...timeline.observed_at);
    for (const name of names) history.series(name).push(...(timeline.signals[name] ?? []));
    history.series(PROBABILITY).push(...timeline.failure_probability);
    return history;
  }

  series(name: string): number[] {
    const series = this.#series.get(name);
    if (series === undefined) throw new RangeError(`${name} is not a series`);
    return series;
  }

  /** Adds a reading that is newer than all before; others are in the stored history already. */
  push(assessment: Assessment): boolean {
    const at = Date.parse(assessment.observed_at);
    if (at <= (this.times.at(-1) ?? 0)) return false;
    this.times.push(at);
    for (const name of this.#names) this.series(name).push(assessment.signals[name] ?? Number.NaN);
    this.series(PROBABILITY).push(assessment.failure_probability);
    return true;
  }

  /** Forgets what is older than `fromMs`, in strides so that it costs nothing per reading. */
  trim(fromMs: number): void {
    const first = this.times.findIndex((time) => time >= fromMs);
    const count = first < 0 ? this.times.length : first;
    if (count < 120) return;
    this.times.splice(0, count);
    for (const series of this.#series.values()) series.splice(0, count);
  }

  /** The columns with a null wherever nothing came for longer than `gapMs`. */
  drawable(gapMs: number): Drawable {
    const cuts = new Set<number>();
    this.times.forEach((time, at) => {
      const before = this.times[at - 1];
      if (before !== undefined && time - before > gapMs) cuts.add(at);
    });
    const seconds: number[] = [];
    this.times.forEach((time, at) => {
      if (cuts.has(at)) seconds.push(((this.times[at - 1] ?? time) + 1) / 1000);
      seconds.push(time / 1000);
    });
    const series = new Map<string, (number | null)[]>();
    for (const [name, values] of this.#series) {
      series.set(
        name,
        cuts.size === 0 ? values : values.flatMap((value, at) => (cuts.has(at) ? [null, value] : [value])),
      );
    }
    return { seconds, series };
  }
}

/** How long a silence must be to show as a gap: far more than the usual distance of points in this range. */
export function gapLimitMs(rangeMs: number, maxPoints: number): number {
  return Math.max(15_000, (rangeMs / maxPoints) * 6);
}
