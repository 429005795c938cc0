/** What the panel of the alarm rate shows: days, and where another model began to judge. Pure. */

import type { AlarmRate } from '../../api/types';

export const DAY_MS = 86_400_000;

export interface Day {
  /** Epoch ms; the day lasts 24 hours, and the last one ends now. */
  readonly fromMs: number;
  readonly alarms: number;
  /** Versions that began to judge on that day; on the first, the one that judged before. */
  readonly versions: readonly string[];
}

export interface Change {
  readonly atMs: number;
  readonly version: string;
  /** Where on the axis, from 0 to 1. */
  readonly share: number;
}

/** The days, the oldest first. */
export function daysOf(rate: AlarmRate): Day[] {
  const startMs = Date.parse(rate.from);
  return rate.windows.map((alarms, at) => {
    const fromMs = startMs + at * DAY_MS;
    const isThen = (text: string) => Date.parse(text) >= fromMs && Date.parse(text) < fromMs + DAY_MS;
    return { fromMs, alarms, versions: rate.models.filter(({ from }) => isThen(from)).map(({ version }) => version) };
  });
}

/** Where one model took over from another. The first one of the range took over from none that is known. */
export function changesOf(rate: AlarmRate): Change[] {
  const startMs = Date.parse(rate.from);
  return rate.models.slice(1).map(({ from, version }) => {
    const atMs = Date.parse(from);
    return { atMs, version, share: (atMs - startMs) / (rate.windows.length * DAY_MS) };
  });
}

/** Alarms per day since a version judges; null when that is less than a day. */
export function meanSince(rate: AlarmRate, sinceMs: number): number | null {
  const whole = daysOf(rate).filter(({ fromMs }) => fromMs >= sinceMs);
  return whole.length === 0 ? null : whole.reduce((sum, { alarms }) => sum + alarms, 0) / whole.length;
}
