/** Texts that only the pages about policies and replays need: they must not weigh on the first load. */

import { words as en, type PolicyWords } from './policies-en';
import { useTexts } from './t';

export function usePolicyWords(): PolicyWords {
  return useTexts()?.policies ?? en;
}
