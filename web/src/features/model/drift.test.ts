import { describe, expect, it } from 'vitest';
import { drifts } from './drift';

/** Training readings spread evenly over 0 to 10, in twenty ranges. */
const edges = Array.from({ length: 21 }, (_, at) => at / 2);
const even = { signal: 'torque', edges, counts: edges.slice(1).map(() => 50) };
const spread = (from: number, to: number) =>
  Array.from({ length: 2_000 }, (_, at) => from + ((to - from) * (at + 0.5)) / 2_000);

describe('drift', () => {
  it('is nothing where readings are spread as in training', () => {
    const [drift] = drifts([even], { torque: spread(0, 10) });
    expect(drift?.psi).toBeCloseTo(0, 5);
    expect([drift?.level, drift?.outside]).toEqual(['stable', 0]);
  });

  it('is the index of the two distributions', () => {
    // Half of the ranges hold twice their share, the others next to nothing.
    const [drift] = drifts([even], { torque: spread(0, 5) });
    const empty = 0.5 / 2_000;
    const expected = 10 * ((0.1 - 0.05) * Math.log(2) + (empty - 0.05) * Math.log(empty / 0.05));
    expect(drift?.psi).toBeCloseTo(expected, 6);
    expect(drift?.level).toBe('drifting');
  });

  it('has a level between the two lines', () => {
    const [drift] = drifts([even], {
      torque: [...spread(0, 10), ...spread(0, 10), ...spread(0, 10), ...spread(0, 2.5)],
    });
    expect(drift?.psi).toBeGreaterThan(0.1);
    expect(drift?.level).toBe('moving');
  });

  it('counts what training never saw', () => {
    const [drift] = drifts([even], { torque: [...spread(0, 10), ...spread(10.5, 12)] });
    expect(drift?.outside).toBeCloseTo(0.5);
    expect(drift?.level).toBe('drifting');
  });

  it('takes ranges together that training hardly knew: a few readings there are no drift', () => {
    const rare = { signal: 'torque', edges, counts: edges.slice(1).map((_, at) => (at < 10 ? 100 : 1)) };
    const [drift] = drifts([rare], { torque: [...spread(0, 5), ...Array(20).fill(9.75)] });
    expect(drift?.level).toBe('stable');
  });

  it('comes with what drifts most first, and leaves out what only one side knows', () => {
    const others = ['speed', 'wear', 'gone'].map((signal) => ({ ...even, signal }));
    const now = { torque: spread(0, 10), speed: spread(0, 3), wear: spread(0, 6), new: spread(0, 1), gone: [] };
    expect(drifts([even, ...others], now).map(({ signal }) => signal)).toEqual(['speed', 'wear', 'torque']);
  });
});
