/** How often alarms were right, in words; never a share without its interval and its count. */

import type { Precision } from '../api/types';
import type { AlarmWords } from '../i18n/alarms-en';
import { formatNumber, type Lang } from '../lib/format';

export function recordSentence(
  record: Pick<Precision, 'real' | 'judged' | 'low' | 'high' | 'enough'>,
  words: AlarmWords,
  lang: Lang,
): string {
  const { real, judged, low, high, enough } = record;
  if (judged === 0 || low === null || high === null) return words.record.none;
  const number = (value: number) => formatNumber(value, 0, lang);
  if (!enough) return words.record.few(number(real), number(judged));
  return words.record.enough(number(real), number(judged), number(low * 100), number(high * 100));
}
