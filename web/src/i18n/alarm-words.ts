/** The texts about alarms, which only pages that are loaded on demand need: they must not weigh on the first load. */

import { alarms as de } from './alarms-de';
import { type AlarmWords, alarms as en } from './alarms-en';
import { useWords } from './t';

const dictionaries = { en, de } as const;

export function useAlarmWords(): AlarmWords {
  return dictionaries[useWords().lang];
}
