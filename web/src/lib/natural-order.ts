/** Names in the order of people: `M2` before `M10`, `Ö` with `O`. Without `Intl`, whose first use a phone waits for (`format.ts`). */

const DIGITS = 20;
/** Names are compared many times, and a fleet's are compared each second. */
const keys = new Map<string, string>();
const MOST_KEYS = 50_000;

function keyOf(name: string): string {
  let key = keys.get(name);
  if (key === undefined) {
    key = name
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase()
      .replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(name, key);
  }
  return key;
}

/** Negative, zero or positive, as `Array.sort` wants it. */
export function compareNatural(a: string, b: string): number {
  const [first, second] = [keyOf(a), keyOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}
