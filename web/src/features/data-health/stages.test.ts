import { describe, expect, it } from 'vitest';
import { dataHealth } from '../../test/fake-api';
import { machinesIn, stages, waitingRecords } from './stages';

const NONE = { live: 0, stale: 0, offline: 0, never_seen: 0, cannot_judge: 0, at_risk: 0 };

function faults(change: Parameters<typeof dataHealth>[0], isCut = false) {
  return Object.fromEntries(stages(dataHealth(change), isCut).map(({ name, fault }) => [name, fault]));
}

describe('the way of a reading', () => {
  it('has nothing wrong while data flows', () => {
    expect(Object.values(faults({}))).toEqual([null, null, null, null]);
  });

  it('tells silence of all machines from machines that never were', () => {
    expect(faults({ machines: NONE })['machines']).toBe('noMachines');
    expect(faults({ machines: { ...NONE, never_seen: 4 } })['machines']).toBe('noMachines');
    expect(faults({ machines: { ...NONE, offline: 4 } })['machines']).toBe('allSilent');
  });

  it('takes a machine that cannot be judged for one that reports', () => {
    expect(faults({ machines: { ...NONE, offline: 3, cannot_judge: 1 } })['machines']).toBeNull();
  });

  it('finds the slow, the late and the stopped stage', () => {
    expect(faults({ latency: { readings: 9, p50_s: 1, p95_s: 5.1, p99_s: 6 } })['journey']).toBe('slow');
    expect(faults({ backlog: { partitions: [], oldest_age_s: 11, as_of: null } })['gateway']).toBe('behind');
    expect(faults({ rates: { one_minute: 0, five_minutes: 2 } })['gateway']).toBe('nothingStored');
    expect(faults({}, true)['screen']).toBe('cut');
  });

  it('expects nothing to be stored when no machine is live', () => {
    const change = { machines: { ...NONE, offline: 3 }, rates: { one_minute: 0, five_minutes: 0 } };
    expect(faults(change)['gateway']).toBeNull();
  });

  it('counts machines once and records over all partitions', () => {
    const machines = { live: 3, stale: 2, offline: 1, never_seen: 4, cannot_judge: 5, at_risk: 2 };
    expect(machinesIn(dataHealth({ machines }))).toBe(15);
    const part = { topic: 'pm.assessments', partition: 0, records: 7 };
    const partitions = [part, { ...part, partition: 1, records: 5 }];
    expect(waitingRecords(dataHealth({ backlog: { partitions, oldest_age_s: 0, as_of: null } }))).toBe(12);
  });
});
