/** A policy while somebody changes it: the last document that makes sense, and what stands in the fields. Pure. */

import type { Condition, Policy } from '../../api/types';

export interface Draft {
  readonly policy: Policy;
  /** What was typed, by JSON pointer; a field that nobody touched is missing. */
  readonly texts: Readonly<Record<string, string>>;
}

/** One number of a policy: where it stands, and how to read and change it. */
export interface NumberField {
  readonly pointer: string;
  get(policy: Policy): number;
  set(policy: Policy, value: number): Policy;
}

type CostName = 'visit' | 'miss' | 'hour_down' | 'miss_hours_down';
type BudgetName = 'alarms_per_shift' | 'shift_h';
export type ConditionNumber = 'raise_at' | 'dead_band' | 'on_delay_s' | 'off_delay_s';

const HOUR_S = 3_600;

export const cost = (name: CostName): NumberField => ({
  pointer: `/costs/${name}`,
  get: ({ costs }) => costs[name],
  set: (policy, value) => ({ ...policy, costs: { ...policy.costs, [name]: value } }),
});

export const budget = (name: BudgetName): NumberField => ({
  pointer: `/budget/${name}`,
  get: (policy) => policy.budget[name],
  set: (policy, value) => ({ ...policy, budget: { ...policy.budget, [name]: value } }),
});

/** In hours, as people think of it; the document has seconds. */
export const warningHorizon: NumberField = {
  pointer: '/warning_horizon_s',
  get: (policy) => policy.warning_horizon_s / HOUR_S,
  set: (policy, value) => ({ ...policy, warning_horizon_s: value * HOUR_S }),
};

export const conditionNumber = (condition: string, name: ConditionNumber): NumberField => ({
  pointer: `/conditions/${condition}/${name}`,
  get: ({ conditions }) => conditions[condition]?.[name] ?? Number.NaN,
  set: (policy, value) => withCondition(policy, condition, { [name]: value }),
});

export function withCondition(policy: Policy, name: string, change: Partial<Condition>): Policy {
  const condition = policy.conditions[name];
  if (condition === undefined) throw new RangeError(`the policy has no condition ${name}`);
  return { ...policy, conditions: { ...policy.conditions, [name]: { ...condition, ...change } } };
}

export function draftOf(policy: Policy): Draft {
  return { policy, texts: {} };
}

/** What stands in a field. */
export function textOf(draft: Draft, field: NumberField): string {
  return draft.texts[field.pointer] ?? String(Number(field.get(draft.policy).toFixed(6)));
}

/** The draft after somebody typed `text` into a field; a text that is no number leaves the document as it was. */
export function typed(draft: Draft, field: NumberField, text: string): Draft {
  const value = numberIn(text);
  return {
    policy: value === null ? draft.policy : field.set(draft.policy, value),
    texts: { ...draft.texts, [field.pointer]: text },
  };
}

/** Whether some field holds no number. */
export function isWrong({ texts }: Draft): boolean {
  return Object.values(texts).some((text) => numberIn(text) === null);
}

export function numberIn(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

/** Whether two documents decide alike, whatever the order of their keys. */
export function isSame(one: Policy, other: Policy): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
