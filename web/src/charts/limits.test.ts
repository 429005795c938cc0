import { describe, expect, it } from 'vitest';
import type { RuleResult } from '../api/types';
import { isBeyond, limitBar, minutesLeft, nextLimit } from './limits';

const overstrain: RuleResult = {
  mode: 'OSF',
  name: 'overstrain',
  value: 10_000,
  limit: 11_000,
  bound: 'above',
  unit: 'min·Nm',
  fired: false,
};

describe('published limits', () => {
  it('finds the one that comes first', () => {
    const worn: RuleResult = { ...overstrain, mode: 'TWF', name: 'worn_tool', value: 185, limit: 200, unit: 'min' };
    expect(nextLimit([overstrain, worn], { torque: 50 })).toEqual({ rule: worn, minutes: 15 });
    expect(nextLimit([overstrain, worn], { torque: 100 })).toEqual({ rule: overstrain, minutes: 10 });
    expect(nextLimit([{ ...worn, value: 210 }], {})).toBeNull();
  });

  it('tells how long is left at the present load', () => {
    expect(minutesLeft(overstrain, { torque: 50 })).toBe(20);
    expect(minutesLeft({ ...overstrain, value: 12_000 }, { torque: 50 })).toBeNull();
    expect(minutesLeft({ ...overstrain, unit: 'K' }, { torque: 50 })).toBeNull();
  });

  it('knows which side is beyond', () => {
    expect(isBeyond({ ...overstrain, value: 12_000 })).toBe(true);
    expect(isBeyond({ ...overstrain, bound: 'below' })).toBe(true);
    expect(isBeyond(overstrain)).toBe(false);
  });

  it('keeps bars inside their track', () => {
    const bar = limitBar({ ...overstrain, value: 1e9 });
    expect(bar.value).toBe(1);
    expect(bar.limit).toBeGreaterThan(0);
    expect(bar.limit).toBeLessThan(1);
  });
});
