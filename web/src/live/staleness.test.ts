import { describe, expect, it } from 'vitest';
import { connectionOf, retryDelayMs } from './staleness';

const NOW = 1_000_000;

describe('the connection', () => {
  it('is live while it is open, with the age of its data', () => {
    const link = { isOpen: true, lastAtMs: NOW - 800, brokenAtMs: null };
    expect(connectionOf(link, NOW)).toEqual({ state: 'live', ageS: 0.8 });
  });

  it('is connecting before the first data, then reconnecting, then offline', () => {
    expect(connectionOf({ isOpen: false, lastAtMs: null, brokenAtMs: null }, NOW).state).toBe('connecting');
    const cut = { isOpen: false, lastAtMs: NOW - 4000, brokenAtMs: NOW - 3000 };
    expect(connectionOf(cut, NOW)).toEqual({ state: 'reconnecting', ageS: 4 });
    expect(connectionOf({ ...cut, brokenAtMs: NOW - 20_000 }, NOW)).toEqual({ state: 'offline', lastAtMs: NOW - 4000 });
  });

  it('is offline soon when the server was never reached', () => {
    const never = { isOpen: false, lastAtMs: null, brokenAtMs: NOW - 1000 };
    expect(connectionOf(never, NOW).state).toBe('connecting');
    expect(connectionOf({ ...never, brokenAtMs: NOW - 3000 }, NOW)).toEqual({ state: 'offline', lastAtMs: null });
  });

  it('is tried again ever more slowly, or when the server says', () => {
    expect([1, 2, 3, 9].map((failures) => retryDelayMs(failures, null))).toEqual([500, 1000, 2000, 8000]);
    expect(retryDelayMs(1, 5)).toBe(5000);
    expect(retryDelayMs(1, 3600)).toBe(30_000);
  });
});
