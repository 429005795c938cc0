/** Texts of the page that checks a reading, which come with its page: they must not weigh on the first load. */

import { predict as en, type PredictWords } from './predict-en';
import { useTexts } from './t';

export function usePredictWords(): PredictWords {
  return useTexts()?.predict ?? en;
}
