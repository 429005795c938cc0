/** The marks of abnormal machines: one shape each, so that colour never speaks alone. Paths in a box of 24 × 24. */

export type MarkKind = 'p1' | 'p2' | 'p3' | 'anomaly' | 'cannot_judge' | 'silent';

export interface MarkShape {
  readonly path: string;
  /** What stands inside the shape, and where its baseline's centre is. */
  readonly sign: string;
  readonly signY: number;
  /** Token names of fill and sign; a mark without fill is hollow. */
  readonly fill: string | null;
  readonly ink: string;
}

export const MARKS: Readonly<Record<MarkKind, MarkShape>> = {
  p1: { path: 'M3 3h18v18H3Z', sign: '1', signY: 17.2, fill: '--p1', ink: '--on-p1' },
  p2: { path: 'M12 1.5 23 21.5H1Z', sign: '2', signY: 19.4, fill: '--p2', ink: '--on-p2' },
  p3: { path: 'M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20Z', sign: '3', signY: 17.2, fill: '--p3', ink: '--on-p3' },
  anomaly: { path: 'M12 1.5 22.5 12 12 22.5 1.5 12Z', sign: '!', signY: 17, fill: '--anomaly', ink: '--on-anomaly' },
  cannot_judge: { path: 'M4 4h16v16H4Z', sign: '?', signY: 17.2, fill: null, ink: '--text' },
  silent: { path: 'M4 4h16v16H4ZM4 20 20 4', sign: '', signY: 0, fill: null, ink: '--text' },
};

/** Most urgent first. */
export const URGENCY: readonly MarkKind[] = ['p1', 'p2', 'p3', 'cannot_judge', 'anomaly', 'silent'];
