import type { MachineSummary } from '../api/types';
import { type Hello, State } from './frame';

const STATES: Readonly<Record<MachineSummary['state'], number>> = {
  live: State.live,
  stale: State.stale,
  offline: State.offline,
  never_seen: State.neverSeen,
  cannot_judge: State.cannotJudge,
};

/** What the registry says, as the stream would say it: the picture that stands until the stream has come. */
export function firstPicture(machines: readonly MachineSummary[], nowMs: number): Hello {
  const modes = [...new Set(machines.flatMap(({ last }) => last?.top_mode ?? []))];
  const condition = ({ state, last }: MachineSummary) =>
    STATES[state] |
    ((last?.prediction ?? 0) << 3) |
    (Number(last?.anomaly ?? false) << 4) |
    ((modes.indexOf(last?.top_mode ?? '') + 1) << 5);
  return {
    kind: 'hello',
    serverTime: nowMs,
    machines: machines.map(({ machine_id }) => machine_id),
    modes,
    columns: {
      probability: machines.map(({ last }) => (last === null ? null : Math.round(last.failure_probability * 1000))),
      condition: machines.map(condition),
      age: machines.map(({ age_s }) => (age_s === null ? null : Math.round(age_s * 10))),
    },
  };
}
