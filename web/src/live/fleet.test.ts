import { describe, expect, it } from 'vitest';
import { DecodeError } from '../api/decode';
import { filterOf, markOf } from './condition';
import { Fleet } from './fleet';
import { decodeEvent, type Frame, type Hello, State } from './frame';

const columns = (length: number, change: Record<string, unknown[]> = {}) => ({
  probability: Array(length).fill(100),
  condition: Array(length).fill(0),
  age: Array(length).fill(0),
  ...change,
});
const MODES = ['PWF', 'HDF', 'TWF'];
const condition = (state: number, prediction: number, anomaly: number, mode: string | null) =>
  state | (prediction << 3) | (anomaly << 4) | ((mode === null ? 0 : MODES.indexOf(mode) + 1) << 5);

function hello(ids: readonly string[], change: Record<string, unknown[]> = {}): Hello {
  const body = {
    sequence: 1,
    server_time: 5000,
    machines: ids,
    modes: MODES,
    columns: columns(ids.length, change),
  };
  return decodeEvent('hello', JSON.stringify(body)) as Hello;
}

function frame(index: readonly number[], change: Record<string, unknown[]> = {}, more: object = {}): Frame {
  const body = { sequence: 2, server_time: 6000, index, ...more, ...columns(index.length, change) };
  return decodeEvent('frame', JSON.stringify(body)) as Frame;
}

describe('the live fleet', () => {
  it('takes a snapshot and then only what changed', () => {
    const fleet = new Fleet();
    fleet.restart(hello(['A', 'B', 'C']));
    fleet.apply(frame([1], { probability: [900], condition: [condition(0, 1, 0, 'HDF')], age: [3] }));
    expect(fleet.size).toBe(3);
    expect([...fleet.failureProbability.slice(0, 3)].map((p) => Math.round(p * 10))).toEqual([1, 9, 1]);
    expect([fleet.topMode(0), fleet.topMode(1)]).toEqual([null, 'HDF']);
    expect([fleet.observedAt[0], fleet.observedAt[1]]).toEqual([5000, 5700]);
    expect(fleet.numberOf('C')).toBe(2);
  });

  it('grows when machines join', () => {
    const fleet = new Fleet();
    fleet.restart(hello(Array.from({ length: 256 }, (_, at) => `M${at}`)));
    const change = { probability: [500], condition: [4 << 5] };
    fleet.apply(frame([256], change, { new: [[256, 'new']], new_modes: ['OSF'] }));
    expect(fleet.size).toBe(257);
    expect(fleet.idOf(256)).toBe('new');
    expect(fleet.failureProbability[256]).toBe(0.5);
    expect(fleet.topMode(256)).toBe('OSF');
    expect(fleet.failureProbability[255]).toBeCloseTo(0.1);
  });

  it('refuses a frame about a machine that was never named: the stream has a gap', () => {
    const fleet = new Fleet();
    fleet.restart(hello(['A']));
    expect(() => fleet.apply(frame([7]))).toThrow(RangeError);
  });

  it('reads missing values of machines that never reported as nothing', () => {
    const fleet = new Fleet();
    fleet.restart(hello(['A'], { probability: [null], condition: [3], age: [null] }));
    expect(fleet.failureProbability[0]).toBe(0);
    expect(markOf(fleet, 0, {})).toBeNull();
    expect(filterOf(null, State.neverSeen)).toBe('silent');
  });

  it('marks by what is most urgent to know', () => {
    const fleet = new Fleet();
    const conditions = [
      condition(0, 1, 1, 'PWF'),
      condition(0, 1, 0, 'HDF'),
      condition(0, 0, 1, null),
      condition(1, 0, 1, null),
      condition(2, 1, 0, null),
      condition(4, 1, 0, null),
      condition(1, 1, 0, 'TWF'),
    ];
    fleet.restart(hello(['power', 'heat', 'odd', 'stale', 'gone', 'unit', 'stale-risk'], { condition: conditions }));
    const marks = conditions.map((_, at) => markOf(fleet, at, { PWF: 1, HDF: 2, TWF: 3 }));
    expect(marks).toEqual(['p1', 'p2', 'anomaly', 'silent', 'silent', 'cannot_judge', 'p3']);
  });
});

describe('stream events', () => {
  it('are refused when they are not ours', () => {
    expect(() => decodeEvent('hello', '[]')).toThrow(DecodeError);
    expect(() => decodeEvent('hello', '{')).toThrow(SyntaxError);
    const short = { sequence: 1, server_time: 1, machines: ['A', 'B'], modes: [], columns: columns(1) };
    expect(() => decodeEvent('hello', JSON.stringify(short))).toThrow(RangeError);
  });

  it('of a later version are ignored', () => {
    expect(decodeEvent('alarm', '{}')).toBeNull();
  });
});
