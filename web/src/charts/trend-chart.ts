/** One small chart of one series over time, drawn by uPlot; and the queue that draws one chart per frame. */

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type AlarmPeriod, drawAlarmPeriods } from './alarm-periods';
import { type Colours, onThemeChange, readColours } from './colours';

export interface TrendOptions {
  /** Shaded: the normal band. */
  readonly band: readonly [number, number] | null;
  /** A dashed line. */
  readonly threshold: number | null;
  /** A fixed scale; null follows data and band. */
  readonly scale: readonly [number, number] | null;
  readonly showsTime: boolean;
  readonly height: number;
  readonly formatValue: (value: number) => string;
  readonly formatTime: (seconds: number, stepS: number) => string;
  /** The point under the cursor; null when it has left. */
  readonly onCursor: (at: number | null) => void;
  /** A range was drawn with the pointer, in epoch seconds. */
  readonly onZoom: (fromS: number, toS: number) => void;
}

const TOKENS = [
  '--text',
  '--muted',
  '--line',
  '--band',
  '--bar',
  '--control',
  '--outline',
  '--p1',
  '--p2',
  '--p3',
  '--anomaly',
];
const SYNC_KEY = 'trends';
const FONT = '11px system-ui, sans-serif';

export class TrendChart {
  readonly #plot: uPlot;
  readonly #options: TrendOptions;
  readonly #element: HTMLElement;
  readonly #stop: () => void;
  #colours: Colours;
  #periods: readonly AlarmPeriod[] = [];

  constructor(element: HTMLElement, options: TrendOptions) {
    this.#element = element;
    this.#options = options;
    this.#colours = readColours(element, TOKENS);
    this.#plot = new uPlot(this.#settings(), [[], []], element);
    const observer = new ResizeObserver(() => this.#fit());
    observer.observe(element);
    const stopTheme = onThemeChange(() => {
      this.#colours = readColours(element, TOKENS);
      this.#plot.redraw();
    });
    this.#stop = () => {
      observer.disconnect();
      stopTheme();
    };
  }

  draw(
    seconds: readonly number[],
    values: readonly (number | null)[],
    periods: readonly AlarmPeriod[],
    fromS: number,
    toS: number,
  ): void {
    this.#periods = periods;
    this.#plot.batch(() => {
      this.#plot.setData([seconds, values] as unknown as uPlot.AlignedData, false);
      this.#plot.setScale('x', { min: fromS, max: toS });
    });
  }

  /** Puts the cursor on a point, as a pointer would. */
  point(at: number): void {
    const seconds = this.#plot.data[0][at];
    if (seconds !== undefined) this.#plot.setCursor({ left: this.#plot.valToPos(seconds, 'x'), top: 4 }, true);
  }

  destroy(): void {
    this.#stop();
    this.#plot.destroy();
  }

  #fit(): void {
    this.#plot.setSize({ width: Math.max(80, this.#element.clientWidth), height: this.#options.height });
  }

  #settings(): uPlot.Options {
    const { showsTime, formatValue, formatTime, height } = this.#options;
    const colour = (token: string) => () => this.#colours[token] ?? '';
    const line = { stroke: colour('--line'), width: 1 };
    return {
      width: Math.max(80, this.#element.clientWidth),
      height,
      padding: [6, 8, showsTime ? 0 : 4, 0],
      legend: { show: false },
      cursor: {
        sync: { key: SYNC_KEY },
        drag: { x: true, y: false, setScale: false },
        points: { size: 7, fill: colour('--text') },
        y: false,
      },
      scales: { x: { time: true }, y: { range: (_, low, high) => this.#scale(low, high) } },
      axes: [
        {
          show: showsTime,
          stroke: colour('--muted'),
          font: FONT,
          grid: line,
          ticks: line,
          size: 26,
          space: 70,
          values: (_, ticks, __, ___, step) => ticks.map((tick) => formatTime(tick, step)),
        },
        {
          stroke: colour('--muted'),
          font: FONT,
          grid: line,
          ticks: { show: false },
          size: 54,
          space: 20,
          values: (_, ticks) => ticks.map(formatValue),
        },
      ],
      series: [{}, { stroke: colour('--text'), width: 1.4, points: { show: false }, spanGaps: false }],
      hooks: {
        drawClear: [(plot) => this.#drawBand(plot)],
        draw: [(plot) => this.#drawThreshold(plot), (plot) => drawAlarmPeriods(plot, this.#periods, this.#colours)],
        setCursor: [(plot) => this.#options.onCursor(plot.cursor.idx ?? null)],
        setSelect: [(plot) => this.#zoom(plot)],
      },
    };
  }

  #scale(low: number | null, high: number | null): [number, number] {
    const { scale, band } = this.#options;
    if (scale !== null) return [scale[0], scale[1]];
    const bottom = Math.min(low ?? Number.POSITIVE_INFINITY, band?.[0] ?? Number.POSITIVE_INFINITY);
    const top = Math.max(high ?? Number.NEGATIVE_INFINITY, band?.[1] ?? Number.NEGATIVE_INFINITY);
    if (!(top > bottom)) return [bottom - 1 || -1, bottom + 1 || 1];
    const margin = (top - bottom) * 0.08;
    return [bottom - margin, top + margin];
  }

  #drawBand({ ctx, bbox, valToPos }: uPlot): void {
    const { band } = this.#options;
    if (band === null) return;
    const clamp = (position: number) => Math.min(bbox.top + bbox.height, Math.max(bbox.top, position));
    const top = clamp(valToPos(band[1], 'y', true));
    ctx.save();
    ctx.fillStyle = this.#colours['--band'] ?? '';
    ctx.fillRect(bbox.left, top, bbox.width, clamp(valToPos(band[0], 'y', true)) - top);
    ctx.restore();
  }

  #drawThreshold({ ctx, bbox, valToPos }: uPlot): void {
    const { threshold } = this.#options;
    if (threshold === null) return;
    const y = Math.round(valToPos(threshold, 'y', true)) + 0.5;
    ctx.save();
    ctx.strokeStyle = this.#colours['--muted'] ?? '';
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  }

  #zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    this.#options.onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  }
}

/** Draws one chart per animation frame: all in one frame would take longer than the frame. */
export class DrawQueue {
  #waiting: (() => void)[] = [];
  #frame = 0;

  /** Replaces what is waiting. */
  schedule(draws: readonly (() => void)[]): void {
    this.#waiting = [...draws];
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#next());
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#waiting = [];
  }

  #next(): void {
    this.#frame = 0;
    const draw = this.#waiting.shift();
    draw?.();
    if (this.#waiting.length > 0) this.#frame = requestAnimationFrame(() => this.#next());
  }
}
