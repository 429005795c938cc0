import { useWords } from '../i18n/t';
import { formatAge, formatClock } from '../lib/time';
import type { LiveStore } from './store';

/** `as of 14:02:11 (38 s ago)` while the live connection is cut; null while it is not, or before it ever was. */
export function useStaleNote(store: LiveStore): string | null {
  const { t, lang } = useWords();
  const { lastAtMs } = store.link;
  if (lastAtMs === null || !store.isCut()) return null;
  const ageMs = Date.now() - lastAtMs;
  return t.panel.asOf(formatClock(store.now() - ageMs, lang), formatAge(ageMs / 1000, lang));
}
