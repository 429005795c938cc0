/** Instants and ages as people read them. One time zone for the whole screen: the browser's, always named. */

import { formatNumber, type Lang } from './format';

const NBSP = '\u00a0';
const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(lang: Lang, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + name + (options.timeZone ?? '');
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, options);
    formats.set(key, format);
  }
  return format;
}

/** `14:02:11` in the screen's zone. */
export function formatClock(epochMs: number, lang: Lang, timeZone?: string): string {
  return dateFormat(lang, 'clock', { timeStyle: 'medium', ...(timeZone && { timeZone }) }).format(epochMs);
}

/** `24 Nov 2026, 14:02:11` in the screen's zone. */
export function formatDateTime(epochMs: number, lang: Lang, timeZone?: string): string {
  return dateFormat(lang, 'full', { dateStyle: 'medium', timeStyle: 'medium', ...(timeZone && { timeZone }) }).format(
    epochMs,
  );
}

/** The zone's short name at that instant, such as `UTC` or `GMT+1`. */
export function zoneName(epochMs: number, lang: Lang, timeZone?: string): string {
  const parts = dateFormat(lang, 'zone', { timeZoneName: 'short', ...(timeZone && { timeZone }) }).formatToParts(
    epochMs,
  );
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** An age in the largest unit that keeps it readable: `0.8 s`, `38 s`, `12 min`, `3 h`, `4 d`. Never negative. */
export function formatAge(seconds: number, lang: Lang): string {
  const age = Math.max(0, seconds);
  if (age < 9.95) return `${formatNumber(age, 1, lang)}${NBSP}s`;
  if (age < 90) return `${formatNumber(age, 0, lang)}${NBSP}s`;
  if (age < 90 * 60) return `${formatNumber(age / 60, 0, lang)}${NBSP}min`;
  if (age < 36 * 3600) return `${formatNumber(age / 3600, 0, lang)}${NBSP}h`;
  return `${formatNumber(age / 86400, 0, lang)}${NBSP}d`;
}
