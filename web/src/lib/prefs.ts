/** What this person chose in this browser: theme, language, single-key shortcuts, and the name to act under. */

import { useSyncExternalStore } from 'react';
import type { Lang } from './format';

export type Theme = 'auto' | 'light' | 'dark';

export interface Prefs {
  readonly theme: Theme;
  readonly lang: Lang;
  readonly shortcuts: boolean;
  /** Stands beside what this person does to alarms; empty until it is known. */
  readonly name: string;
}

const KEY = 'pm.prefs';
const listeners = new Set<() => void>();
let current = stored();

function stored(): Prefs {
  const lang: Lang = navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
  const prefs: Prefs = { theme: 'auto', lang, shortcuts: true, name: '' };
  const text = readStorage();
  if (text === null) return prefs;
  const found = parseObject(text);
  return {
    theme: found['theme'] === 'light' || found['theme'] === 'dark' ? found['theme'] : prefs.theme,
    lang: found['lang'] === 'en' || found['lang'] === 'de' ? found['lang'] : prefs.lang,
    shortcuts: found['shortcuts'] !== false,
    name: typeof found['name'] === 'string' ? found['name'] : prefs.name,
  };
}

/** Storage may be forbidden by the browser; then choices last until the page is closed. */
function readStorage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function writeStorage(text: string): void {
  try {
    localStorage.setItem(KEY, text);
  } catch {
    // Same reason as above: the choice still holds for this page.
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Written by another version or by hand: start from the defaults.
    return {};
  }
}

/** Puts theme and language on the document, where CSS and screen readers look for them. */
export function applyPrefs(): void {
  const root = document.documentElement;
  root.lang = current.lang;
  if (current.theme === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = current.theme;
}

export function changePrefs(change: Partial<Prefs>): void {
  current = { ...current, ...change };
  writeStorage(JSON.stringify(current));
  applyPrefs();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What holds at this moment, for what is not rendered. */
export function prefsNow(): Prefs {
  return current;
}

export function usePrefs(): Prefs {
  return useSyncExternalStore(subscribe, () => current);
}
