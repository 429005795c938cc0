import { useWords } from '../i18n/t';
import { formatAge, formatClock } from '../lib/time';
import { NEVER_REACHED_AFTER_MS } from './staleness';
import type { LiveStore } from './store';

/** `as of 14:02:11 (38 s ago)` while the live connection is cut; null while it is not, or before there is anything. */
export function useStaleNote(store: LiveStore): string | null {
  const { t, lang } = useWords();
  const { lastAtMs } = store.link;
  const fromMs = lastAtMs ?? store.begunAtMs;
  if (fromMs === null || !store.isCut()) return null;
  const ageMs = Date.now() - fromMs;
  // The stream may take a moment to come.
  if (lastAtMs === null && ageMs < NEVER_REACHED_AFTER_MS) return null;
  return t.panel.asOf(formatClock(store.now() - ageMs), formatAge(ageMs / 1000, lang));
}
