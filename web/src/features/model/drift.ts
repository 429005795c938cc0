/** How far the last readings are from the training data, signal by signal. Pure. */

/** How a signal was spread in the training data: `counts[i]` readings from `edges[i]` to `edges[i + 1]`. */
export interface Reference {
  readonly signal: string;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface Drift {
  readonly signal: string;
  /** Population stability index: the sum of (p − q) · ln(p / q) over ranges with shares p now and q in training. */
  readonly psi: number;
  readonly level: 'stable' | 'moving' | 'drifting';
  readonly edges: readonly number[];
  /** Shares of all readings in each range of `edges`. */
  readonly trained: readonly number[];
  readonly now: readonly number[];
  /** Share of the last readings below the first or above the last edge. */
  readonly outside: number;
}

/** Below this many readings the index is mostly chance. */
export const LEAST_READINGS = 1_000;
/** The usual lines of credit scoring, where the index comes from: look at it, act on it. */
export const PSI_LINES = [0.1, 0.2] as const;
/** Neighbouring ranges are taken together until each holds this share of the training data. */
const LEAST_SHARE = 0.05;

/** All signals that are known on both sides, what drifts most first. */
export function drifts(references: readonly Reference[], now: Readonly<Record<string, readonly number[]>>): Drift[] {
  return references
    .flatMap((reference) => {
      const values = now[reference.signal];
      return values === undefined || values.length === 0 ? [] : [driftOf(reference, values)];
    })
    .sort((a, b) => b.psi - a.psi);
}

function driftOf({ signal, edges, counts }: Reference, values: readonly number[]): Drift {
  const [first = 0, last = 0] = [edges[0], edges.at(-1)];
  const inRange = counts.map(() => 0);
  for (const value of values) {
    if (value < first || value > last) continue;
    const at = Math.min(
      counts.length - 1,
      edges.findLastIndex((edge) => edge <= value),
    );
    inRange[at] = (inRange[at] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const below = values.filter((value) => value < first).length;
  const above = values.filter((value) => value > last).length;
  const psi = indexOf(counts, withEnds(inRange, below, above), total, values.length);
  const [moving, drifting] = PSI_LINES;
  return {
    signal,
    psi,
    level: psi < moving ? 'stable' : psi < drifting ? 'moving' : 'drifting',
    edges,
    trained: counts.map((count) => count / total),
    now: inRange.map((count) => count / values.length),
    outside: (below + above) / values.length,
  };
}

/** What lies outside of the training data counts with the outermost ranges. */
function withEnds(counts: readonly number[], below: number, above: number): number[] {
  return counts.map((count, at) => count + (at === 0 ? below : 0) + (at === counts.length - 1 ? above : 0));
}

function indexOf(trained: readonly number[], now: readonly number[], total: number, size: number): number {
  const groups: { trained: number; now: number }[] = [];
  let open = { trained: 0, now: 0 };
  trained.forEach((count, at) => {
    open = { trained: open.trained + count, now: open.now + (now[at] ?? 0) };
    if (open.trained / total >= LEAST_SHARE) {
      groups.push(open);
      open = { trained: 0, now: 0 };
    }
  });
  const last = groups.at(-1);
  if (last !== undefined)
    groups[groups.length - 1] = { trained: last.trained + open.trained, now: last.now + open.now };
  return groups.reduce((sum, group) => {
    const q = group.trained / total;
    // A range that nobody is in any more: half a reading, so that the index stays finite.
    const p = Math.max(group.now, 0.5) / size;
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}
