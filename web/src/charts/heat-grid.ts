/** Draws the fleet on one canvas: all cells when the layout changes, only the changed ones afterwards. */

import { MARKS, type MarkKind } from '../lib/marks';
import { type Colours, mix, onThemeChange, readColours } from './colours';
import type { GridLayout, PlacedCell } from './grid-layout';

/** What a cell shows. */
export interface CellLook {
  readonly id: string;
  readonly probability: number;
  readonly mark: MarkKind | null;
  /** There is no fresh number: hollow, without a value. */
  readonly isHollow: boolean;
  readonly isDimmed: boolean;
  /** What a tile says; small cells never ask. */
  readonly text: () => string;
}

const TOKENS = [
  '--panel',
  '--cell',
  '--cell-high',
  '--text',
  '--muted',
  '--control',
  '--outline',
  ...Object.values(MARKS).flatMap(({ fill, ink }) => (fill === null ? [ink] : [fill, ink])),
];
const SHADES = 24;
const FONT = 'system-ui, sans-serif';
const PATHS = new Map<MarkKind, Path2D>();

export class HeatGrid {
  readonly #canvas: HTMLCanvasElement;
  readonly #look: (at: number) => CellLook;
  readonly #stopTheme: () => void;
  #context: CanvasRenderingContext2D | null = null;
  #layout: GridLayout | null = null;
  #width = 0;
  #colours: Colours = {};
  #shades: string[] = [];
  #placeOf = new Map<number, PlacedCell>();
  #dirty = new Set<number>();
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, look: (at: number) => CellLook) {
    this.#canvas = canvas;
    this.#look = look;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#stopTheme = onThemeChange(() => {
      this.#readTheme();
      this.redraw('all');
    });
    this.#readTheme();
  }

  /** Takes a new layout of this width in CSS pixels and draws it at once, so that it never flashes empty. */
  resize(layout: GridLayout, width: number): void {
    this.#layout = layout;
    this.#width = width;
    this.#placeOf = new Map(layout.cells.map((cell) => [cell.at, cell]));
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(layout.height * ratio);
    this.#canvas.style.height = `${layout.height}px`;
    this.#drawAll();
  }

  /** Asks for a drawing in the next animation frame. */
  redraw(changed: readonly number[] | 'all'): void {
    const numbers = changed === 'all' ? this.#placeOf.keys() : changed;
    for (const at of numbers) this.#dirty.add(at);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#drawDirty());
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#stopTheme();
  }

  #readTheme(): void {
    this.#colours = readColours(this.#canvas.parentElement ?? document.body, TOKENS);
    const low = this.#colours['--cell'] ?? '';
    const high = this.#colours['--cell-high'] ?? '';
    this.#shades = Array.from({ length: SHADES }, (_, shade) => mix(low, high, shade / (SHADES - 1)));
    if (this.#layout !== null) this.#drawAll();
  }

  #drawAll(): void {
    if (this.#context === null || this.#layout === null) return;
    const ratio = devicePixelRatio;
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.fillStyle = this.#colour('--panel');
    this.#context.fillRect(0, 0, this.#width, this.#layout.height);
    for (const cell of this.#layout.cells) this.#draw(this.#context, cell);
    this.#dirty.clear();
  }

  #drawDirty(): void {
    this.#frame = 0;
    if (this.#context === null) return;
    for (const at of this.#dirty) {
      const cell = this.#placeOf.get(at);
      if (cell !== undefined) this.#draw(this.#context, cell);
    }
    this.#dirty.clear();
  }

  #draw(context: CanvasRenderingContext2D, { at, x, y }: PlacedCell): void {
    const { kind, width, height } = this.#layout?.size ?? { kind: 'cell', width: 0, height: 0 };
    const look = this.#look(at);
    context.globalAlpha = 1;
    context.fillStyle = this.#colour('--panel');
    context.fillRect(x, y, width, height);
    context.globalAlpha = look.isDimmed ? 0.22 : 1;
    if (look.isHollow) {
      context.strokeStyle = this.#colour('--control');
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    } else {
      context.fillStyle = this.#shade(look.probability);
      context.fillRect(x, y, width, height);
    }
    if (kind === 'tile') this.#drawTile(context, look, x, y, width, height);
    else if (look.mark !== null) this.#drawMark(context, look.mark, x + 1, y + 1, width - 2);
  }

  #drawTile(context: CanvasRenderingContext2D, look: CellLook, x: number, y: number, width: number, height: number) {
    context.textBaseline = 'alphabetic';
    context.fillStyle = this.#colour('--text');
    context.font = `500 11.5px ${FONT}`;
    context.fillText(look.id, x + 8, y + 17, width - 16);
    context.font = `650 14px ${FONT}`;
    context.fillText(look.text(), x + 8, y + height - 10, width - 16);
    if (look.mark !== null) this.#drawMark(context, look.mark, x + width - 28, y + height - 26, 20);
  }

  #drawMark(context: CanvasRenderingContext2D, kind: MarkKind, x: number, y: number, size: number): void {
    const { fill, ink, sign, signY } = MARKS[kind];
    const scale = size / 24;
    context.save();
    context.translate(x, y);
    context.scale(scale, scale);
    const path = pathOf(kind);
    if (fill !== null) {
      context.fillStyle = this.#colour(fill);
      context.fill(path);
    }
    context.strokeStyle = this.#colour('--outline');
    context.lineWidth = kind === 'silent' ? 1 : 1.5;
    context.stroke(path);
    if (size >= 14) {
      context.fillStyle = this.#colour(ink);
      context.font = `700 ${kind === 'p2' ? 13 : 15}px ${FONT}`;
      context.textAlign = 'center';
      context.fillText(sign, 12, signY);
    }
    context.restore();
  }

  #shade(probability: number): string {
    // The root spreads the small probabilities, where nearly all machines are; from one half on the mark speaks.
    const share = Math.sqrt(Math.min(1, Math.max(0, probability) / 0.5));
    return this.#shades[Math.round(share * (SHADES - 1))] ?? '';
  }

  #colour(token: string): string {
    return this.#colours[token] ?? '';
  }
}

function pathOf(kind: MarkKind): Path2D {
  let path = PATHS.get(kind);
  if (path === undefined) {
    path = new Path2D(MARKS[kind].path);
    PATHS.set(kind, path);
  }
  return path;
}
