import type { AlarmRate } from '../api/types';

/** Thirty days with an alarm on each, judged by one version all the time. */
export function alarmRate(change: Partial<AlarmRate> = {}): AlarmRate {
  const from = '2026-10-25T12:00:00Z';
  return {
    equipment: 'milling',
    from,
    to: '2026-11-24T12:00:00Z',
    windows: Array.from({ length: 30 }, () => 1),
    models: [{ from, version: '1.0', digest: 'sha256:01' }],
    ...change,
  };
}
