import { expect, test, vi } from 'vitest';
import { formatMoney, formatNumber, formatPoints, type Lang } from './format';
import { compareNatural } from './natural-order';
import { formatClock, formatDateTime, zoneName } from './time';

const LANGUAGES: readonly Lang[] = ['en', 'de'];
const seed = Math.floor(Math.random() * 2 ** 31);

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function random(state: number): () => number {
  let at = state;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`numbers are those of Intl (seed ${seed})`, () => {
  const next = random(seed);
  for (let run = 0; run < 4_000; run++) {
    const decimals = Math.floor(next() * 4);
    // Never half a last digit, which a binary fraction is a little more or less than.
    const value = (Math.round((next() - 0.5) * 10 ** Math.floor(next() * 9)) + 0.3) / 10 ** decimals;
    for (const lang of LANGUAGES) {
      const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
      const ours = formatNumber(value, decimals, lang).replace('\u2212', '-');
      expect(ours, `${value}, ${decimals}, ${lang}`).toBe(
        new Intl.NumberFormat(lang, { ...options, signDisplay: 'negative' }).format(value),
      );
    }
  }
});

test('what rounds to zero has no sign', () => {
  expect(formatNumber(-0.4, 0, 'en')).toBe('0');
  expect(formatPoints(-0.0004, 'en')).toBe('0.0');
  expect(formatNumber(-1234.5678, 2, 'de')).toBe('\u22121.234,57');
});

test('money stands as its language has it', () => {
  expect(formatMoney(3060.4, 'EUR', 'en')).toBe('€3,060');
  expect(formatMoney(-3060, 'EUR', 'en')).toBe('\u2212€3,060');
  expect(formatMoney(3060, 'EUR', 'de')).toBe('3.060\u00a0€');
  expect(formatMoney(-3060, 'CHF', 'en')).toBe('\u2212CHF\u00a03,060');
  expect(formatMoney(3060, 'CHF', 'de')).toBe('3.060\u00a0CHF');
  expect(formatMoney(3060, 'points', 'en')).toBe('3,060\u00a0points');
});

test(`instants are those of Intl (seed ${seed})`, () => {
  const next = random(seed);
  for (let run = 0; run < 1_000; run++) {
    const at = Math.floor(next() * 4e12);
    expect(formatClock(at)).toBe(new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' }).format(at));
    const options = { dateStyle: 'medium', timeStyle: 'medium' } as const;
    expect(formatDateTime(at, 'de')).toBe(new Intl.DateTimeFormat('de', options).format(at));
    // Intl has four letters for September.
    expect(formatDateTime(at, 'en')).toBe(new Intl.DateTimeFormat('en-GB', options).format(at).replace('Sept', 'Sep'));
  }
});

test('a zone is named by how far it is from UTC', () => {
  const winter = Date.UTC(2026, 0, 1);
  const zoneOf = (minutes: number) => {
    vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(minutes);
    return zoneName(winter);
  };
  expect([0, -60, -330, 210].map(zoneOf)).toEqual(['UTC', 'UTC+1', 'UTC+5:30', 'UTC\u22123:30']);
});

test('names are in the order of people', () => {
  const sorted = ['M10', 'Zange', 'm2', 'Ölpresse', 'M1', 'Ofen', 'M2b', 'M2'].sort(compareNatural);
  expect(sorted).toEqual(['M1', 'm2', 'M2', 'M2b', 'M10', 'Ofen', 'Ölpresse', 'Zange']);
});
