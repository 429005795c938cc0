/** Where every machine's cell lies: groups below each other, cells in rows. Pure; all numbers are CSS pixels. */

export interface GridGroup {
  readonly label: string;
  /** Machine numbers in the order they are shown. */
  readonly members: readonly number[];
}

export interface CellSize {
  readonly kind: 'tile' | 'cell' | 'dense';
  readonly width: number;
  readonly height: number;
  readonly gap: number;
}

export interface PlacedCell {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly group: number;
}

export interface GridLayout {
  readonly size: CellSize;
  readonly cells: readonly PlacedCell[];
  readonly labels: readonly { readonly text: string; readonly count: number; readonly y: number }[];
  readonly height: number;
}

const LABEL_HEIGHT = 26;
const GROUP_GAP = 14;
const TILES_UP_TO = 240;
const TILE_LEAST = 84;
const TILE_MOST = 150;
const TILE_GAP = 6;
const CELLS_UP_TO = 2000;

/**
 * Few machines get tiles with text, many get small cells, thousands get tiny ones. Tiles are as wide as makes the rows
 * of the largest group full.
 */
export function cellSize(count: number, largestGroup: number, width: number): CellSize {
  if (count <= TILES_UP_TO) {
    const most = Math.max(3, Math.floor((width + TILE_GAP) / (TILE_LEAST + TILE_GAP)));
    const rows = Math.max(1, Math.ceil(largestGroup / most));
    const columns = Math.ceil(largestGroup / rows);
    const fair = Math.floor((width - TILE_GAP * (columns - 1)) / columns);
    return { kind: 'tile', width: Math.min(TILE_MOST, fair), height: 46, gap: TILE_GAP };
  }
  return count <= CELLS_UP_TO
    ? { kind: 'cell', width: 22, height: 22, gap: 3 }
    : { kind: 'dense', width: 12, height: 12, gap: 2 };
}

export function layoutGrid(groups: readonly GridGroup[], width: number): GridLayout {
  const total = groups.reduce((sum, group) => sum + group.members.length, 0);
  const largest = groups.reduce((most, group) => Math.max(most, group.members.length), 0);
  const size = cellSize(total, largest, width);
  const columns = Math.max(1, Math.floor((width + size.gap) / (size.width + size.gap)));
  const cells: PlacedCell[] = [];
  const labels: { text: string; count: number; y: number }[] = [];
  let top = 0;
  groups.forEach((group, number) => {
    labels.push({ text: group.label, count: group.members.length, y: top });
    const first = top + LABEL_HEIGHT;
    group.members.forEach((at, place) => {
      const row = Math.floor(place / columns);
      const column = place % columns;
      cells.push({
        at,
        x: column * (size.width + size.gap),
        y: first + row * (size.height + size.gap),
        group: number,
      });
    });
    top = first + Math.ceil(group.members.length / columns) * (size.height + size.gap) + GROUP_GAP;
  });
  return { size, cells, labels, height: Math.max(0, top - GROUP_GAP) };
}

/** The place of the cell under a point; -1 between cells. */
export function placeAt(layout: GridLayout, x: number, y: number): number {
  const { width, height } = layout.size;
  return layout.cells.findIndex((cell) => x >= cell.x && x < cell.x + width && y >= cell.y && y < cell.y + height);
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The place an arrow key leads to: up and down go to the nearest cell of the next row, across groups. */
export function step(layout: GridLayout, from: number, direction: Direction): number {
  const { cells } = layout;
  const here = cells[from];
  if (here === undefined) return cells.length > 0 ? 0 : -1;
  if (direction === 'left') return Math.max(0, from - 1);
  if (direction === 'right') return Math.min(cells.length - 1, from + 1);
  const isBeyond = (cell: PlacedCell) => (direction === 'up' ? cell.y < here.y : cell.y > here.y);
  let best = from;
  let bestDistance = Number.POSITIVE_INFINITY;
  cells.forEach((cell, place) => {
    if (!isBeyond(cell)) return;
    // Rows count far more than columns, so that the next row wins over the same column further away.
    const distance = Math.abs(cell.y - here.y) * 1000 + Math.abs(cell.x - here.x);
    if (distance < bestDistance) {
      best = place;
      bestDistance = distance;
    }
  });
  return best;
}
