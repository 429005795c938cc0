/** Texts about the model, which come with its page: they must not weigh on the first load. */

import { model as en, type ModelWords } from './model-en';
import { useTexts } from './t';

export function useModelWords(): ModelWords {
  return useTexts()?.model ?? en;
}
