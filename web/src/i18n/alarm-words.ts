/** The texts about alarms, which only pages that are loaded on demand need: they must not weigh on the first load. */

import { type AlarmWords, alarms as en } from './alarms-en';
import { useTexts } from './t';

export function useAlarmWords(): AlarmWords {
  return useTexts()?.alarms ?? en;
}
