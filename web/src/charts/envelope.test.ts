import { describe, expect, it } from 'vitest';
import heat from '../test/fixtures/heat-assessment.json';
import { powerCurve, stretches, torqueAt } from './envelope';

describe('speed and torque', () => {
  it('agrees with the power that the service computes', () => {
    const { torque, rotational_speed } = heat.signals;
    const power = heat.rules.find(({ name }) => name === 'power_high')?.value ?? 0;
    expect(torqueAt(power, rotational_speed)).toBeCloseTo(torque, 9);
  });

  it('draws equal power as less torque at more speed', () => {
    const curve = powerCurve(9000, [1150, 2900]);
    expect(curve.at(0)?.speed).toBe(1150);
    expect(curve.at(-1)?.speed).toBe(2900);
    for (const { speed, torque } of curve) expect((torque * speed * 2 * Math.PI) / 60).toBeCloseTo(9000, 6);
  });

  it('fades in parts that share their ends, newest last', () => {
    const seconds = [0, 1, 2, 3, 4];
    const values = [10, 11, 12, 13, 14];
    const found = stretches(seconds, values, values, 0, 2);
    expect(found.map(({ spots }) => spots.map(({ speed }) => speed))).toEqual([
      [10, 11],
      [11, 12, 13, 14],
    ]);
    expect(found.map(({ age }) => age)).toEqual([1, 0.5]);
  });

  it('leaves a gap a gap, and out what is too old', () => {
    const found = stretches([0, 1, 2, 3, 4], [10, 11, null, 13, 14], [1, 1, null, 1, 1], 1, 1);
    expect(found.map(({ spots }) => spots.map(({ speed }) => speed))).toEqual([[11], [13, 14]]);
  });
});
