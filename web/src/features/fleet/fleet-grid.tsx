import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { type GridLayout, layoutGrid, type PlacedCell } from '../../charts/grid-layout';
import { type CellLook, HeatGrid } from '../../charts/heat-grid';
import { titleOf, useWords } from '../../i18n/t';
import { formatProbability, type Lang } from '../../lib/format';
import { markOf, type Priorities } from '../../live/condition';
import type { Fleet } from '../../live/fleet';
import { State } from '../../live/frame';
import type { LiveStore } from '../../live/store';
import { useLiveStore } from '../../live/use-live';
import css from './fleet-grid.module.css';
import { arePlacedAlike, attentionQueue, type FleetRow, type GroupBy, groupRows, NO_ORDER } from './fleet-rows';
import { GridLegend } from './grid-legend';
import { useGridCursor } from './use-grid-cursor';
import { useWidth } from './use-width';
import { markLabel, stateLabel } from './words';

const MAX_LINKS = 60;

interface Props {
  rows: readonly FleetRow[];
  shown: readonly FleetRow[];
  groupBy: GroupBy;
  priorities: Priorities;
  modeTitles: ReadonlyMap<string, string>;
}

/** All machines on one canvas; real links lie over the abnormal ones, a cursor reaches the rest. */
export const FleetGrid = memo(function FleetGrid({ rows, shown, groupBy, priorities, modeTitles }: Props) {
  const { t, lang } = useWords();
  const store = useLiveStore();
  const [frameRef, width] = useWidth();
  const layout = useStableLayout(rows, groupBy, width);
  const canvasRef = useCanvas(store, layout, width, priorities, shown, rows.length);
  const { cursor, hovered, handlers } = useGridCursor(layout, (at) => store.fleet.idOf(at));
  const places = useMemo(() => new Map(layout.cells.map((cell) => [cell.at, cell])), [layout]);
  const pointed = layout.cells[hovered >= 0 ? hovered : cursor];

  const describe = (row: FleetRow) => {
    const parts = [row.id, row.mark === null ? stateLabel(row.state, t) : markLabel(row.mark, t)];
    if (row.mode !== null && row.probability >= 0.005) parts.push(titleOf(t, row.mode, modeTitles.get(row.mode)));
    if (row.state !== State.neverSeen) parts.push(formatProbability(row.probability, lang));
    return parts.join(' · ');
  };
  const pointedRow = pointed && rows[pointed.at];
  return (
    <>
      {/* Its height is known before anything is drawn in it. */}
      <div ref={frameRef} className={css['frame']} style={{ height: layout.height }}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: no element is a two-dimensional cursor over a picture */}
        <div className={css['board']} role="application" aria-label={t.fleet.gridLabel} tabIndex={0} {...handlers}>
          <canvas ref={canvasRef} className={css['canvas']} />
        </div>
        {layout.labels.map((label) => (
          <h3 key={label.text} className={css['label']} style={{ top: label.y }}>
            {groupLabel(label.text)} <span>{label.count}</span>
          </h3>
        ))}
        {attentionQueue(shown, NO_ORDER)
          .slice(0, MAX_LINKS)
          .map((row) => {
            const cell = places.get(row.at);
            return (
              cell && (
                <Link
                  key={row.id}
                  href={`/machines/${encodeURIComponent(row.id)}`}
                  className={css['link']}
                  aria-label={describe(row)}
                  style={box(cell, layout)}
                />
              )
            );
          })}
        {pointed && <span className={css['cursor']} style={box(pointed, layout)} />}
        {pointed && pointedRow && (
          <span className={css['tip']} style={tipPlace(pointed, layout, width)} aria-hidden="true">
            {describe(pointedRow)}
          </span>
        )}
      </div>
      <div role="status" className="visually-hidden">
        {cursor >= 0 && hovered < 0 && pointedRow ? describe(pointedRow) : ''}
      </div>
      {width > 0 && <GridLegend marks={new Set(rows.map((row) => row.mark))} />}
    </>
  );

  function groupLabel(value: string): string {
    if (value === '') return groupBy === 'line' ? t.fleet.noLine : t.fleet.noType;
    return groupBy === 'line' ? value : t.fleet.type(value);
  }
});

function box({ x, y }: PlacedCell, { size }: GridLayout) {
  return { left: x, top: y, width: size.width, height: size.height };
}

function tipPlace(cell: PlacedCell, { size }: GridLayout, width: number) {
  const top = cell.y + size.height + 6;
  return cell.x > width / 2 ? { top, right: width - cell.x - size.width } : { top, left: cell.x };
}

/** Rows change every second; the layout only when machines, groups or the width do. */
function useStableLayout(rows: readonly FleetRow[], groupBy: GroupBy, width: number): GridLayout {
  const [placed, setPlaced] = useState(rows);
  const isSame = arePlacedAlike(placed, rows);
  if (!isSame) setPlaced(rows);
  const by = isSame ? placed : rows;
  // Without a width nothing has a place.
  return useMemo(() => layoutGrid(width === 0 ? [] : groupRows(by, groupBy), width), [by, groupBy, width]);
}

/** Keeps the painter, and tells it what changed: by the stream at once, by filters after rendering. */
function useCanvas(
  store: LiveStore,
  layout: GridLayout,
  width: number,
  priorities: Priorities,
  shown: readonly FleetRow[],
  total: number,
) {
  const { lang } = useWords();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const painter = useRef<HeatGrid | null>(null);
  const visibleKey = shown.length === total ? '' : shown.map((row) => row.at).join();
  const view = useMemo<View>(
    () => ({ priorities, lang, visible: visibleKey === '' ? null : new Set(visibleKey.split(',').map(Number)) }),
    [priorities, lang, visibleKey],
  );
  const current = useRef(view);

  useEffect(() => {
    if (canvasRef.current === null) return;
    const grid = new HeatGrid(canvasRef.current, (at) => lookOf(store.fleet, at, current.current));
    painter.current = grid;
    const stop = store.onDraw((changed) => grid.redraw(changed));
    return () => {
      stop();
      grid.destroy();
      painter.current = null;
    };
  }, [store]);

  useEffect(() => {
    if (current.current === view) return;
    current.current = view;
    painter.current?.redraw('all');
  }, [view]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new painter needs the layout again
  useEffect(() => painter.current?.resize(layout, width), [layout, width, store]);
  return canvasRef;
}

/** What the cells show beside the machines themselves. */
interface View {
  readonly priorities: Priorities;
  readonly lang: Lang;
  /** Null: all of them. */
  readonly visible: ReadonlySet<number> | null;
}

function lookOf(fleet: Fleet, at: number, { priorities, lang, visible }: View): CellLook {
  const probability = fleet.failureProbability[at] ?? 0;
  const isHollow = fleet.state[at] !== State.live;
  return {
    id: fleet.idOf(at),
    probability,
    mark: markOf(fleet, at, priorities),
    isHollow,
    isDimmed: visible !== null && !visible.has(at),
    text: () => (isHollow ? '–' : formatProbability(probability, lang)),
  };
}
