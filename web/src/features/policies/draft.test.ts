import { describe, expect, it } from 'vitest';
import { policy } from '../../test/fake-policies';
import { conditionNumber, cost, draftOf, isSame, isWrong, textOf, typed, warningHorizon, withCondition } from './draft';

describe('a draft of a policy', () => {
  it('takes what was typed into its document, and nothing else changes', () => {
    const draft = typed(draftOf(policy), cost('visit'), '250');
    expect(draft.policy).toEqual({ ...policy, costs: { ...policy.costs, visit: 250 } });
    expect(policy.costs.visit).not.toBe(250);
  });

  it('keeps the document while a field holds no number, and says so', () => {
    const field = conditionNumber('HDF', 'raise_at');
    for (const text of ['', '  ', '0,5', 'x']) {
      const draft = typed(draftOf(policy), field, text);
      expect(draft.policy).toBe(policy);
      expect(textOf(draft, field)).toBe(text);
      expect(isWrong(draft)).toBe(true);
      expect(isWrong(typed(draft, field, '0.6'))).toBe(false);
    }
  });

  it('shows hours where the document has seconds', () => {
    const draft = typed(draftOf(policy), warningHorizon, '2');
    expect(draft.policy.warning_horizon_s).toBe(7_200);
    expect(textOf(draftOf(policy), warningHorizon)).toBe(String(policy.warning_horizon_s / 3_600));
  });

  it('is the same as another when it decides alike, in whatever order', () => {
    const turned = Object.fromEntries(Object.entries(policy).reverse());
    expect(isSame(policy, { ...policy, ...turned })).toBe(true);
    expect(isSame(policy, withCondition(policy, 'HDF', { priority: 1 }))).toBe(false);
    expect(() => withCondition(policy, 'XYZ', {})).toThrow(RangeError);
  });
});
