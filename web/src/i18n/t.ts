/** The texts in the language this person chose. English comes with the application, any other language when it is chosen. */

import { useEffect, useSyncExternalStore } from 'react';
import type { Lang } from '../lib/format';
import { usePrefs } from '../lib/prefs';
import type { AlarmWords } from './alarms-en';
import type { DataHealthWords } from './data-health-en';
import { type Dictionary, en } from './en';
import type { ModelWords } from './model-en';
import type { PolicyWords } from './policies-en';
import type { PredictWords } from './predict-en';

/** A language that is fetched when it is chosen, whole: those who read English do not load it with a page. */
export interface Texts {
  readonly main: Dictionary;
  readonly alarms: AlarmWords;
  readonly policies: PolicyWords;
  readonly model: ModelWords;
  readonly predict: PredictWords;
  readonly dataHealth: DataHealthWords;
}

const loaders: Readonly<Record<Exclude<Lang, 'en'>, () => Promise<Texts>>> = {
  de: async () => (await import('./german')).german,
};
const loaded = new Map<Lang, Texts>();
const listeners = new Set<() => void>();

export interface Words {
  readonly t: Dictionary;
  readonly lang: Lang;
}

/** Fetches the texts of a language, once. Before they are there, pages are in English. */
export async function loadWords(lang: Lang): Promise<void> {
  if (lang === 'en' || loaded.has(lang)) return;
  loaded.set(lang, await loaders[lang]());
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The texts of the language that was chosen; undefined where that is English, and until they are there. */
export function useTexts(): Texts | undefined {
  const { lang } = usePrefs();
  return useSyncExternalStore(subscribe, () => loaded.get(lang));
}

export function useWords(): Words {
  const { lang } = usePrefs();
  const texts = useTexts();
  return texts === undefined ? { t: en, lang: 'en' } : { t: texts.main, lang };
}

/** Loads the chosen language when it changes. For the frame around the pages. */
export function useChosenLanguage(): void {
  const { lang } = usePrefs();
  useEffect(() => {
    // When the file cannot be had, `vite:preloadError` has loaded the page anew, or it stays in English.
    void loadWords(lang);
  }, [lang]);
}

/** The title of a signal, mode, feature or rule: this language's own, else the profile's, else its name. */
export function titleOf(t: Dictionary, name: string, fromProfile?: string): string {
  return t.titles[name] ?? fromProfile ?? name.replaceAll('_', ' ');
}
