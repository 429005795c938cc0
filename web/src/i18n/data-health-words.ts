/** Texts about the flow of data, which come with its page: they must not weigh on the first load. */

import { type DataHealthWords, dataHealth as en } from './data-health-en';
import { useTexts } from './t';

export function useDataHealthWords(): DataHealthWords {
  return useTexts()?.dataHealth ?? en;
}
