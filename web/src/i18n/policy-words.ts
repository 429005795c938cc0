/** Texts that only the pages about policies and replays need: they must not weigh on the first load. */

import { words as de } from './policies-de';
import { words as en, type PolicyWords } from './policies-en';
import { useWords } from './t';

const dictionaries = { en, de } as const;

export function usePolicyWords(): PolicyWords {
  return dictionaries[useWords().lang];
}
