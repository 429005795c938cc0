import { describe, expect, it } from 'vitest';
import { choiceOf, numberOf, withChanges } from './url-state';

describe('view state in the URL', () => {
  it('takes only plain finite numbers', () => {
    expect(numberOf('42.5')).toBe(42.5);
    for (const text of [null, '', ' ', 'x', 'Infinity', 'NaN']) expect(numberOf(text)).toBeNull();
  });

  it('falls back where a choice is unknown', () => {
    expect(choiceOf('b', ['a', 'b'], 'a')).toBe('b');
    expect(choiceOf('z', ['a', 'b'], 'a')).toBe('a');
  });

  it('removes emptied keys and keeps the others', () => {
    const next = withChanges(new URLSearchParams('a=1&b=2'), { a: null, c: '3' });
    expect(next.toString()).toBe('b=2&c=3');
  });
});
