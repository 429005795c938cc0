/** When alarms stood, drawn over a chart: a bar along the upper edge, with a tick where it came. */

import type uPlot from 'uplot';
import type { Colours } from './colours';

export interface AlarmPeriod {
  readonly fromS: number;
  /** Null while it stands. */
  readonly toS: number | null;
  /** What its condition is called. */
  readonly title: string;
  /** The token of the fill that its mark has. */
  readonly token: string;
}

const BAR_PX = 5;
const LEAST_PX = 4;

/** The titles of the alarms that stood at an instant (epoch s). */
export function alarmsAt(periods: readonly AlarmPeriod[], seconds: number): string[] {
  return periods
    .filter(({ fromS, toS }) => fromS <= seconds && (toS === null || seconds < toS))
    .map(({ title }) => title);
}

export function drawAlarmPeriods(
  { ctx, bbox, valToPos }: uPlot,
  periods: readonly AlarmPeriod[],
  colours: Colours,
): void {
  const ratio = devicePixelRatio;
  const [left, right] = [bbox.left, bbox.left + bbox.width];
  ctx.save();
  for (const { fromS, toS, token } of periods) {
    const from = valToPos(fromS, 'x', true);
    const to = toS === null ? right : Math.max(valToPos(toS, 'x', true), from + LEAST_PX * ratio);
    if (to < left || from > right) continue;
    const start = Math.max(left, from);
    ctx.fillStyle = colours[token] ?? '';
    ctx.strokeStyle = colours['--outline'] ?? '';
    ctx.lineWidth = ratio;
    ctx.fillRect(start, bbox.top, Math.min(right, to) - start, BAR_PX * ratio);
    ctx.strokeRect(start, bbox.top, Math.min(right, to) - start, BAR_PX * ratio);
    if (from < left) continue;
    ctx.beginPath();
    ctx.moveTo(Math.round(from) + 0.5, bbox.top);
    ctx.lineTo(Math.round(from) + 0.5, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
