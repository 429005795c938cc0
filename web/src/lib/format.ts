/**
 * Numbers as people read them, a non-breaking space before the unit. Not by `Intl`: its first use takes a desktop 35 ms
 * and a phone 140, in one piece and before anything is shown, and both languages need no more than two separators.
 */

export type Lang = 'en' | 'de';

const NBSP = '\u00a0';
const MINUS = '\u2212';
const SEPARATORS = { en: { thousands: ',', decimal: '.' }, de: { thousands: '.', decimal: ',' } } as const;
const THREE_DIGITS_ON = /\B(?=(?:\d{3})+$)/g;

/** A number with a fixed count of decimals and a typographic minus, which nothing that rounds to zero has. */
export function formatNumber(value: number, decimals: number, lang: Lang): string {
  const { thousands, decimal } = SEPARATORS[lang];
  const [whole = '', part] = Math.abs(value).toFixed(decimals).split('.');
  const size = whole.replace(THREE_DIGITS_ON, thousands) + (part === undefined ? '' : decimal + part);
  return value < 0 && /[1-9]/.test(size) ? MINUS + size : size;
}

/** `42.8 Nm`; without a unit just the number. */
export function formatQuantity(value: number, unit: string, decimals: number, lang: Lang): string {
  const number = formatNumber(value, decimals, lang);
  return unit === '' ? number : `${number}${NBSP}${unit}`;
}

/** A probability in whole percent. Certainty is never claimed by rounding: 0.998 is `> 99 %`, 0.002 is `< 1 %`. */
export function formatProbability(probability: number, lang: Lang): string {
  const percent = probability * 100;
  if (percent > 0 && percent < 0.5) return `<${NBSP}1${NBSP}%`;
  if (percent < 100 && percent >= 99.5) return `>${NBSP}99${NBSP}%`;
  return `${formatNumber(percent, 0, lang)}${NBSP}%`;
}

/** A signed contribution in percentage points, such as `+31.2`. */
export function formatPoints(contribution: number, lang: Lang): string {
  const rounded = Math.round(contribution * 1000) / 10;
  const sign = rounded > 0 ? '+' : '';
  return `${sign}${formatNumber(rounded, 1, lang)}`;
}

/** As many decimals as show three significant digits, between 0 and 3. */
export function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return 0;
  if (size >= 10) return 1;
  return size >= 1 ? 2 : 3;
}

const SYMBOLS: Readonly<Record<string, string>> = { EUR: '€', GBP: '£', JPY: '¥', USD: '$' };

/** Money in whole units: `€3,060`, `CHF 3,060`, in German `3.060 €`. What is no code of ISO 4217 stands behind, as it is. */
export function formatMoney(amount: number, currency: string, lang: Lang): string {
  const number = formatNumber(amount, 0, lang);
  const symbol = SYMBOLS[currency];
  if (lang === 'de' || !/^[A-Z]{3}$/.test(currency)) return `${number}${NBSP}${symbol ?? currency}`;
  const before = symbol ?? currency + NBSP;
  return number.startsWith(MINUS) ? MINUS + before + number.slice(1) : before + number;
}
