/** The texts in the language this person chose. */

import type { Lang } from '../lib/format';
import { usePrefs } from '../lib/prefs';
import { de } from './de';
import { type Dictionary, en } from './en';

const dictionaries: Readonly<Record<Lang, Dictionary>> = { en, de };

export interface Words {
  readonly t: Dictionary;
  readonly lang: Lang;
}

export function useWords(): Words {
  const { lang } = usePrefs();
  return { t: dictionaries[lang], lang };
}

/** The title of a signal, mode, feature or rule: this language's own, else the profile's, else its name. */
export function titleOf(t: Dictionary, name: string, fromProfile?: string): string {
  return t.titles[name] ?? fromProfile ?? name.replaceAll('_', ' ');
}
