/** Numbers as people read them: Intl by language, a non-breaking space before the unit. */

export type Lang = 'en' | 'de';

const NBSP = '\u00a0';
const MINUS = '\u2212';
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(lang: Lang, decimals: number): Intl.NumberFormat {
  const key = `${lang}${decimals}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    formats.set(key, format);
  }
  return format;
}

/** A number with a fixed count of decimals and a typographic minus. */
export function formatNumber(value: number, decimals: number, lang: Lang): string {
  return numberFormat(lang, decimals).format(value).replace('-', MINUS);
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
  return `${sign}${formatNumber(rounded === 0 ? 0 : rounded, 1, lang)}`;
}

/** As many decimals as show three significant digits, between 0 and 3. */
export function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 100 || size === 0) return 0;
  if (size >= 10) return 1;
  return size >= 1 ? 2 : 3;
}

/** Money in a currency of ISO 4217, in whole units: `€3,060`. A currency that Intl does not know stands as it is. */
export function formatMoney(amount: number, currency: string, lang: Lang): string {
  if (!/^[A-Za-z]{3}$/.test(currency)) return formatQuantity(amount, currency, 0, lang);
  const options = { style: 'currency', currency, maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(lang, options).format(amount).replace('-', MINUS);
}
