/** Published limits as bars: where value and limit lie, and how long there is left. Pure. */

import type { RuleResult } from '../api/types';

/** Shares of the bar's length, 0 to 1. */
export function limitBar(rule: RuleResult): { value: number; limit: number } {
  const span = Math.max(rule.limit, 1e-9) * (rule.bound === 'above' ? 1.25 : 2.5);
  const share = (amount: number) => Math.min(1, Math.max(0, amount / span));
  return { value: share(rule.value), limit: share(rule.limit) };
}

/** Beyond the limit, whether or not the rule's other conditions hold. */
export function isBeyond(rule: RuleResult): boolean {
  return rule.bound === 'above' ? rule.value > rule.limit : rule.value < rule.limit;
}

/**
 * Minutes of cutting until the limit at the present load; null when it does not come nearer by cutting.
 * Wear grows by a minute a minute, so wear × torque (`min·Nm`) grows by the torque a minute.
 */
export function minutesLeft(rule: RuleResult, signals: Readonly<Record<string, number>>): number | null {
  if (rule.bound !== 'above' || rule.value >= rule.limit) return null;
  const perMinute = rule.unit === 'min' ? 1 : rule.unit === 'min·Nm' ? (signals['torque'] ?? 0) : 0;
  return perMinute > 0 ? (rule.limit - rule.value) / perMinute : null;
}

/** The limit that comes first by cutting on, and in how many minutes; null when none comes nearer. */
export function nextLimit(
  rules: readonly RuleResult[],
  signals: Readonly<Record<string, number>>,
): { readonly rule: RuleResult; readonly minutes: number } | null {
  return rules.reduce<{ rule: RuleResult; minutes: number } | null>((first, rule) => {
    const minutes = minutesLeft(rule, signals);
    return minutes !== null && (first === null || minutes < first.minutes) ? { rule, minutes } : first;
  }, null);
}
