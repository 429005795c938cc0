/** How conditions of the fleet are said. */

import type { Dictionary } from '../../i18n/en';
import type { MarkKind } from '../../lib/marks';

const STATE_NAMES: readonly (keyof Dictionary['state'])[] = ['live', 'stale', 'offline', 'never_seen', 'cannot_judge'];

/** The word for a state code of the stream. */
export function stateLabel(state: number, t: Dictionary): string {
  return t.state[STATE_NAMES[state] ?? 'never_seen'];
}

export function markLabel(mark: MarkKind, t: Dictionary): string {
  return mark === 'silent' ? t.fleet.legendStale : t.mark[mark];
}
