/** View state that lives in the query string, so that a link shows what its sender saw. */

import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** One choice out of a closed set; anything else in the URL means the default. */
export function choiceOf<T extends string>(text: string | null, choices: readonly T[], fallback: T): T {
  return choices.find((choice) => choice === text) ?? fallback;
}

/** A finite number written plainly; null when the text is something else. */
export function numberOf(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A copy of `search` with the changes made; null and empty text remove a key. */
export function withChanges(search: URLSearchParams, changes: Record<string, string | null>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(key);
    else next.set(key, value);
  }
  return next;
}

export type ChangeUrl = (changes: Record<string, string | null>) => void;

/** The query string and a function that changes it in place: filters do not fill the history. */
export function useUrlState(): [URLSearchParams, ChangeUrl] {
  const [search, setSearch] = useSearchParams();
  const change = useCallback<ChangeUrl>(
    (changes) => setSearch((before) => withChanges(before, changes), { replace: true }),
    [setSearch],
  );
  return [search, change];
}
