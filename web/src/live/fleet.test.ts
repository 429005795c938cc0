import { describe, expect, it } from 'vitest';
import { DecodeError } from '../api/decode';
import { filterOf, markOf } from './condition';
import { Fleet } from './fleet';
import { decodeEvent, type Frame, type Hello, State } from './frame';

const columns = (length: number, change: Record<string, unknown[]> = {}) => ({
  failure_probability: Array(length).fill(0.1),
  state: Array(length).fill(0),
  prediction: Array(length).fill(0),
  anomaly: Array(length).fill(false),
  top_mode: Array(length).fill(null),
  observed_at: Array(length).fill(1000),
  ...change,
});

function hello(ids: readonly string[], change: Record<string, unknown[]> = {}): Hello {
  const body = { sequence: 1, server_time: 5000, machines: ids, columns: columns(ids.length, change) };
  return decodeEvent('hello', JSON.stringify(body)) as Hello;
}

function frame(index: readonly number[], change: Record<string, unknown[]> = {}, added: unknown[] = []): Frame {
  const body = { sequence: 2, server_time: 6000, index, new: added, ...columns(index.length, change) };
  return decodeEvent('frame', JSON.stringify(body)) as Frame;
}

describe('the live fleet', () => {
  it('takes a snapshot and then only what changed', () => {
    const fleet = new Fleet();
    fleet.restart(hello(['A', 'B', 'C']));
    fleet.apply(frame([1], { failure_probability: [0.9], prediction: [1], top_mode: ['HDF'] }));
    expect(fleet.size).toBe(3);
    expect([...fleet.failureProbability.slice(0, 3)].map((p) => Math.round(p * 10))).toEqual([1, 9, 1]);
    expect(fleet.topMode(1)).toBe('HDF');
    expect(fleet.numberOf('C')).toBe(2);
  });

  it('grows when machines join', () => {
    const fleet = new Fleet();
    fleet.restart(hello(Array.from({ length: 256 }, (_, at) => `M${at}`)));
    fleet.apply(frame([256], { failure_probability: [0.5] }, [[256, 'new']]));
    expect(fleet.size).toBe(257);
    expect(fleet.idOf(256)).toBe('new');
    expect(fleet.failureProbability[256]).toBe(0.5);
    expect(fleet.failureProbability[255]).toBeCloseTo(0.1);
  });

  it('refuses a frame about a machine that was never named: the stream has a gap', () => {
    const fleet = new Fleet();
    fleet.restart(hello(['A']));
    expect(() => fleet.apply(frame([7]))).toThrow(RangeError);
  });

  it('reads missing values of machines that never reported as nothing', () => {
    const fleet = new Fleet();
    fleet.restart(hello(['A'], { failure_probability: [null], prediction: [null], observed_at: [null], state: [3] }));
    expect(fleet.failureProbability[0]).toBe(0);
    expect(markOf(fleet, 0, {})).toBeNull();
    expect(filterOf(null, State.neverSeen)).toBe('silent');
  });

  it('marks by what is most urgent to know', () => {
    const fleet = new Fleet();
    const states = [0, 0, 0, 1, 2, 4, 1];
    fleet.restart(
      hello(['power', 'heat', 'odd', 'stale', 'gone', 'unit', 'stale-risk'], {
        state: states,
        prediction: [1, 1, 0, 0, 1, 1, 1],
        anomaly: [true, false, true, true, false, false, false],
        top_mode: ['PWF', 'HDF', null, null, null, null, 'TWF'],
      }),
    );
    const marks = states.map((_, at) => markOf(fleet, at, { PWF: 1, HDF: 2, TWF: 3 }));
    expect(marks).toEqual(['p1', 'p2', 'anomaly', 'silent', 'silent', 'cannot_judge', 'p3']);
  });
});

describe('stream events', () => {
  it('are refused when they are not ours', () => {
    expect(() => decodeEvent('hello', '[]')).toThrow(DecodeError);
    expect(() => decodeEvent('hello', '{')).toThrow(SyntaxError);
    const short = { sequence: 1, server_time: 1, machines: ['A', 'B'], columns: columns(1) };
    expect(() => decodeEvent('hello', JSON.stringify(short))).toThrow(RangeError);
  });

  it('of a later version are ignored', () => {
    expect(decodeEvent('alarm', '{}')).toBeNull();
  });
});
