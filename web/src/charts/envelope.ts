/** Speed and torque of a drive: lines of equal power, and where it has been. Pure. */

import type { RuleResult } from '../api/types';

export interface Spot {
  /** rpm */
  readonly speed: number;
  /** Nm */
  readonly torque: number;
}

/** A stretch of the way without a gap; `age` is 1 for the oldest and towards 0 for the newest. */
export interface Stretch {
  readonly age: number;
  readonly spots: readonly Spot[];
}

const STEPS = 60;
const RADIANS_PER_TURN = 2 * Math.PI;

/** The torque in Nm that delivers `watts` at `rpm`: power = torque × angular speed. */
export function torqueAt(watts: number, rpm: number): number {
  return watts / ((rpm / 60) * RADIANS_PER_TURN);
}

/** Where the drive delivers `watts`, over a range of speeds in rpm. */
export function powerCurve(watts: number, [low, high]: readonly [number, number]): Spot[] {
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const speed = low + ((high - low) * step) / STEPS;
    return { speed, torque: torqueAt(watts, speed) };
  });
}

/** The rules that are limits of power. */
export function powerLimits(rules: readonly RuleResult[]): RuleResult[] {
  return rules.filter(({ unit }) => unit === 'W');
}

/**
 * The way since `fromS` (epoch seconds) in at most `parts` shades of age; neighbouring stretches share a spot, so that
 * the line has no holes but where a column has null.
 */
export function stretches(
  seconds: readonly number[],
  speeds: readonly (number | null)[],
  torques: readonly (number | null)[],
  fromS: number,
  parts: number,
): Stretch[] {
  const found: { age: number; spots: Spot[] }[] = [];
  const span = Math.max(1, (seconds.at(-1) ?? fromS) - fromS);
  let before: Spot | null = null;
  seconds.forEach((second, at) => {
    if (second < fromS) return;
    const [speed, torque] = [speeds[at] ?? null, torques[at] ?? null];
    if (speed === null || torque === null) {
      before = null;
      return;
    }
    const spot: Spot = { speed, torque };
    const age = 1 - Math.min(parts - 1, Math.floor(((second - fromS) / span) * parts)) / parts;
    const current = found.at(-1);
    if (before !== null && current?.age === age) current.spots.push(spot);
    else found.push({ age, spots: before === null ? [spot] : [before, spot] });
    before = spot;
  });
  return found;
}
