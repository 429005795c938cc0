import { type KeyboardEvent, type MouseEvent, type PointerEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { type Direction, type GridLayout, placeAt, step } from '../../charts/grid-layout';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The cell under the keyboard's cursor and the one under the pointer, as places in the layout; -1 for none. */
export function useGridCursor(layout: GridLayout, idOf: (at: number) => string) {
  const [cursor, setCursor] = useState(-1);
  const [hovered, setHovered] = useState(-1);
  const [, go] = useLocation();
  const open = (place: number) => {
    const cell = layout.cells[place];
    if (cell !== undefined) go(`/machines/${encodeURIComponent(idOf(cell.at))}`);
  };
  const under = (event: { clientX: number; clientY: number; currentTarget: HTMLElement }) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return placeAt(layout, event.clientX - left, event.clientY - top);
  };
  const handlers = {
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const direction = DIRECTIONS[event.key];
      if (direction !== undefined) {
        event.preventDefault();
        setHovered(-1);
        setCursor((before) => step(layout, before, direction));
      } else if (event.key === 'Enter') open(cursor);
    },
    onBlur: () => setCursor(-1),
    onPointerMove: (event: PointerEvent<HTMLElement>) => setHovered(under(event)),
    onPointerLeave: () => setHovered(-1),
    onClick: (event: MouseEvent<HTMLElement>) => open(under(event)),
  };
  return { cursor, hovered, handlers };
}
