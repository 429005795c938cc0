import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { titleOf, useWords } from '../../i18n/t';
import { formatProbability } from '../../lib/format';
import { formatAge } from '../../lib/time';
import { choiceOf, useUrlState } from '../../lib/url-state';
import { State } from '../../live/frame';
import { useLiveStore } from '../../live/use-live';
import { Icon } from '../../ui/icon';
import { StatusMark } from '../../ui/status-mark';
import { type FleetRow, SORT_KEYS, type SortKey, sortRows } from './fleet-rows';
import css from './fleet-table.module.css';
import { markLabel, stateLabel } from './words';

const ROW_HEIGHT = 40;
const COLUMNS = ['machine', 'line', 'type', 'state', 'probability', 'mode', 'age'] as const satisfies SortKey[];

interface Props {
  rows: readonly FleetRow[];
  modeTitles: ReadonlyMap<string, string>;
}

/** Everything the grid shows, in words. Only the rows in view are in the document; the order holds under a pointer. */
export default function FleetTable({ rows, modeTitles }: Props) {
  const { t } = useWords();
  const [url, setUrl] = useUrlState();
  const wanted = url.get('sort') ?? 'urgency';
  const isDown = wanted.startsWith('-');
  const key = choiceOf(wanted.replace(/^-/, ''), SORT_KEYS, 'urgency');
  const sorted = useSorted(rows, key, isDown);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: sorted.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section
      ref={scroller}
      className={css['scroller']}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t.fleet.table}
      {...sorted.handlers}
    >
      <table className={css['table']} aria-rowcount={sorted.rows.length + 1}>
        <thead>
          <tr>
            {COLUMNS.map((column) => {
              const isSorted = column === key;
              return (
                <th key={column} aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}>
                  <button
                    type="button"
                    title={t.fleet.sortBy(t.fleet.columns[column])}
                    onClick={() => setUrl({ sort: isSorted && !isDown ? `-${column}` : column })}
                  >
                    {t.fleet.columns[column]}
                    {isSorted && <Icon name={isDown ? 'down' : 'up'} size={14} />}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} />}
          {items.map((item) => {
            const row = sorted.rows[item.index];
            return row && <Row key={row.id} row={row} position={item.index + 2} modeTitles={modeTitles} />;
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </section>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus, and this one only holds the place of others
    <tr aria-hidden="true">
      <td colSpan={COLUMNS.length} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function Row({ row, position, modeTitles }: { row: FleetRow; position: number; modeTitles: Props['modeTitles'] }) {
  const { t, lang } = useWords();
  const store = useLiveStore();
  const isSeen = row.state !== State.neverSeen && row.observedAt > 0;
  return (
    <tr aria-rowindex={position}>
      <td>
        <Link href={`/machines/${encodeURIComponent(row.id)}`} className={css['machine']}>
          {row.id}
        </Link>
      </td>
      <td>{row.line ?? '–'}</td>
      <td>{row.type ?? '–'}</td>
      <td>
        <span className={css['state']}>
          {row.mark !== null && <StatusMark kind={row.mark} label={markLabel(row.mark, t)} size={18} />}
          {stateLabel(row.state, t)}
        </span>
      </td>
      <td className={css['number']}>{isSeen ? formatProbability(row.probability, lang) : '–'}</td>
      <td>{row.mode !== null && row.probability >= 0.005 ? titleOf(t, row.mode, modeTitles.get(row.mode)) : '–'}</td>
      <td className={css['number']}>
        {isSeen ? t.fleet.ago(formatAge((store.now() - row.observedAt) / 1000, lang)) : t.fleet.never}
      </td>
    </tr>
  );
}

/** Rows in order; while a pointer or the focus is inside, in the order they had when it came. */
function useSorted(rows: readonly FleetRow[], key: SortKey, isDown: boolean) {
  const [held, setHeld] = useState<{ order: ReadonlyMap<string, number>; sort: string } | null>(null);
  const sort = `${key}${isDown}`;
  const sorted = useMemo(() => {
    const fresh = sortRows(rows, key, isDown);
    if (held === null || held.sort !== sort) return fresh;
    const place = (row: FleetRow) => held.order.get(row.id) ?? Number.POSITIVE_INFINITY;
    return fresh.sort((a, b) => place(a) - place(b) || 0);
  }, [rows, key, isDown, held, sort]);
  const hold = () => {
    setHeld((before) =>
      before?.sort === sort ? before : { order: new Map(sorted.map((row, at) => [row.id, at])), sort },
    );
  };
  const release = () => setHeld(null);
  return { rows: sorted, handlers: { onPointerMove: hold, onPointerLeave: release, onFocus: hold, onBlur: release } };
}
