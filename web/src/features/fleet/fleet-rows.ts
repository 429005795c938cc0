/** The fleet as rows: the live columns joined with what the registry knows. Pure functions. */

import { needsAck } from '../../alarms/alarm-state';
import type { AlarmItem, MachineSummary, Reason, StateReason } from '../../api/types';
import type { GridGroup } from '../../charts/grid-layout';
import { type MarkKind, URGENCY } from '../../lib/marks';
import { compareNatural } from '../../lib/natural-order';
import { type Filter, filterOf, markOf, type Priorities } from '../../live/condition';
import type { Fleet } from '../../live/fleet';

export interface FleetRow {
  readonly at: number;
  readonly id: string;
  readonly line: string | null;
  readonly type: string | null;
  readonly state: number;
  readonly mark: MarkKind | null;
  readonly filter: Exclude<Filter, 'all'>;
  readonly probability: number;
  readonly mode: string | null;
  readonly observedAt: number;
  readonly reason: Reason | null;
  readonly stateReason: StateReason | null;
}

export type Registry = ReadonlyMap<string, MachineSummary>;

export function fleetRows(fleet: Fleet, registry: Registry, priorities: Priorities): FleetRow[] {
  return fleet.ids.map((id, at) => {
    const known = registry.get(id);
    const mark = markOf(fleet, at, priorities);
    const state = fleet.state[at] ?? 0;
    return {
      at,
      id,
      line: known?.line ?? null,
      type: known?.product_type ?? null,
      state,
      mark,
      filter: filterOf(mark, state),
      probability: fleet.failureProbability[at] ?? 0,
      mode: fleet.topMode(at),
      observedAt: fleet.observedAt[at] ?? 0,
      reason: known?.last?.top_reason ?? null,
      stateReason: known?.state_reason ?? null,
    };
  });
}

export function countByFilter(rows: readonly FleetRow[]): Record<Filter, number> {
  const counts = { all: rows.length, attention: 0, cannot_judge: 0, unusual: 0, silent: 0, normal: 0 };
  for (const row of rows) counts[row.filter] += 1;
  return counts;
}

/** The most urgent mark among the machines of each filter; null where nobody has one. */
export function worstMarks(rows: readonly FleetRow[]): Record<Exclude<Filter, 'all'>, MarkKind | null> {
  const worst: Record<Exclude<Filter, 'all'>, MarkKind | null> = {
    attention: null,
    cannot_judge: null,
    unusual: null,
    silent: null,
    normal: null,
  };
  for (const { filter, mark } of rows) {
    const known = worst[filter];
    if (mark !== null && (known === null || URGENCY.indexOf(mark) < URGENCY.indexOf(known))) worst[filter] = mark;
  }
  return worst;
}

/** Whether a row passes the filter and has the text in its id or line. */
export function passes(row: FleetRow, filter: Filter, text: string): boolean {
  if (filter !== 'all' && row.filter !== filter) return false;
  const wanted = text.trim().toLowerCase();
  return wanted === '' || row.id.toLowerCase().includes(wanted) || (row.line ?? '').toLowerCase().includes(wanted);
}

/** What comes first in the queue depends on the alarms of the machines and on what a failure costs there. */
export interface QueueOrder {
  /** The alarm of each machine that asks most of people; none that an overlay hides. */
  readonly alarms: ReadonlyMap<string, AlarmItem>;
  /** Money that a failure nobody was warned of costs; null where no policy is known. */
  readonly failureCost: number | null;
}

export const NO_ORDER: QueueOrder = { alarms: new Map(), failureCost: null };

/** What leaving the machine alone is expected to cost, to two digits as it is shown; null where that is not known. */
export function expectedCost(row: FleetRow, failureCost: number | null): number | null {
  if (failureCost === null || row.filter !== 'attention') return null;
  return Number((row.probability * failureCost).toPrecision(2));
}

/**
 * Whom nobody has looked after comes first, and there: where waiting costs most, else the most urgent, then the most
 * probable. Silent machines are counted, not queued.
 */
export function attentionQueue(rows: readonly FleetRow[], order: QueueOrder): FleetRow[] {
  const { handled, cost } = ranksOf(order);
  return rows
    .filter((row) => row.mark !== null && row.mark !== 'silent')
    .sort(
      (a, b) =>
        handled(a) - handled(b) ||
        cost(b) - cost(a) ||
        urgency(a) - urgency(b) ||
        b.probability - a.probability ||
        a.id.localeCompare(b.id),
    );
}

/** By how much waiting must cost more for a row to overtake another that is already shown. */
const OVERTAKES = 1.5;

/**
 * The queue with as little movement as may be: rows keep the places they had `before`, new ones come last, and a row
 * overtakes another only where it is clearly worse. Probabilities tremble with every reading; people read line by line.
 */
export function steadyQueue(queue: readonly FleetRow[], before: readonly string[], order: QueueOrder): FleetRow[] {
  const { handled, cost } = ranksOf(order);
  const isWorse = (a: FleetRow, b: FleetRow) => {
    if (handled(a) !== handled(b)) return handled(a) < handled(b);
    if (cost(a) === 0 && cost(b) === 0) return urgency(a) < urgency(b);
    return cost(a) > OVERTAKES * cost(b);
  };
  const places = new Map(before.map((id, at) => [id, at]));
  const place = (row: FleetRow) => places.get(row.id) ?? before.length;
  const steady = [...queue].sort((a, b) => place(a) - place(b));
  // “Clearly worse” is no total order, so that sorting by it is undefined; neighbours that change places are not.
  for (let from = 1; from < steady.length; from += 1) {
    for (let at = from; at > 0; at -= 1) {
      const [above, row] = [steady[at - 1], steady[at]];
      if (above === undefined || row === undefined || !isWorse(row, above)) break;
      steady[at - 1] = row;
      steady[at] = above;
    }
  }
  return steady;
}

function ranksOf({ alarms, failureCost }: QueueOrder) {
  return {
    handled: (row: FleetRow) => {
      const alarm = alarms.get(row.id);
      return alarm !== undefined && !needsAck(alarm) ? 1 : 0;
    },
    cost: (row: FleetRow) => expectedCost(row, failureCost) ?? 0,
  };
}

export type GroupBy = 'line' | 'type';

/** Whether both are the same machines in the same groups, whatever else has changed about them. */
export function arePlacedAlike(a: readonly FleetRow[], b: readonly FleetRow[]): boolean {
  const isAlike = (row: FleetRow, other: FleetRow | undefined) =>
    row.id === other?.id && row.line === other.line && row.type === other.type;
  return a.length === b.length && a.every((row, at) => isAlike(row, b[at]));
}

/** Groups in the order of their names, machines without one last; inside a group in the order of ids. */
export function groupRows(rows: readonly FleetRow[], by: GroupBy): GridGroup[] {
  const groups = new Map<string | null, FleetRow[]>();
  for (const row of rows) {
    const value = by === 'line' ? row.line : row.type;
    const group = groups.get(value);
    if (group === undefined) groups.set(value, [row]);
    else group.push(row);
  }
  const byId = (a: FleetRow, b: FleetRow) => compareNatural(a.id, b.id);
  return [...groups]
    .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : compareNatural(a, b)))
    .map(([value, members]) => ({ label: value ?? '', members: members.sort(byId).map((row) => row.at) }));
}

export const SORT_KEYS = ['urgency', 'machine', 'line', 'type', 'state', 'probability', 'mode', 'age'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export function sortRows(rows: readonly FleetRow[], key: SortKey, isDown: boolean): FleetRow[] {
  const compare = COMPARE[key];
  const sign = isDown ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(a, b) || COMPARE.machine(a, b));
}

const text = (a: string | null, b: string | null) => compareNatural(a ?? '', b ?? '');
const urgency = (row: FleetRow) => (row.mark === null ? URGENCY.length : URGENCY.indexOf(row.mark));

const COMPARE: Readonly<Record<SortKey, (a: FleetRow, b: FleetRow) => number>> = {
  urgency: (a, b) => urgency(a) - urgency(b) || b.probability - a.probability,
  machine: (a, b) => text(a.id, b.id),
  line: (a, b) => text(a.line, b.line),
  type: (a, b) => text(a.type, b.type),
  state: (a, b) => a.state - b.state,
  probability: (a, b) => a.probability - b.probability,
  mode: (a, b) => text(a.mode, b.mode),
  age: (a, b) => b.observedAt - a.observedAt,
};
