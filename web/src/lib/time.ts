/** Instants and ages as people read them. One time zone for the whole screen: the browser's, always named. */

import { formatNumber, type Lang } from './format';

const NBSP = '\u00a0';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (count: number) => String(count).padStart(2, '0');

/** `14:02:11` in the screen's zone. */
export function formatClock(epochMs: number): string {
  const at = new Date(epochMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
}

/** `24 Nov 2026, 14:02:11` in the screen's zone, in German `24.11.2026, 14:02:11`. */
export function formatDateTime(epochMs: number, lang: Lang): string {
  const at = new Date(epochMs);
  const [day, month, year] = [at.getDate(), at.getMonth(), at.getFullYear()];
  const date = lang === 'en' ? `${day} ${MONTHS[month]} ${year}` : `${twoDigits(day)}.${twoDigits(month + 1)}.${year}`;
  return `${date}, ${formatClock(epochMs)}`;
}

/** How far the screen's zone is from UTC at that instant: `UTC`, `UTC+1`, `UTC−3:30`. */
export function zoneName(epochMs: number): string {
  const offset = -new Date(epochMs).getTimezoneOffset();
  if (offset === 0) return 'UTC';
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `UTC${offset < 0 ? '\u2212' : '+'}${hours}${minutes === 0 ? '' : `:${twoDigits(minutes)}`}`;
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
