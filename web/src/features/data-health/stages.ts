/** The way of a reading as stages, each with what is known of it and what is wrong with it. Pure. */

import type { DataHealth } from '../../api/types';

export const SLOW_S = 5;
export const BEHIND_S = 10;

export type StageName = 'machines' | 'journey' | 'gateway' | 'screen';
export type Fault = 'noMachines' | 'allSilent' | 'nothingStored' | 'slow' | 'behind' | 'cut';

export interface Stage {
  readonly name: StageName;
  readonly fault: Fault | null;
}

export function machinesIn({ machines }: DataHealth): number {
  return machines.live + machines.stale + machines.offline + machines.never_seen + machines.cannot_judge;
}

export function waitingRecords({ backlog }: DataHealth): number {
  return backlog.partitions.reduce((sum, { records }) => sum + records, 0);
}

/** In the order in which a reading passes them. */
export function stages(health: DataHealth, isCut: boolean): readonly Stage[] {
  return [
    { name: 'machines', fault: machinesFault(health) },
    { name: 'journey', fault: (health.latency.p95_s ?? 0) > SLOW_S ? 'slow' : null },
    { name: 'gateway', fault: gatewayFault(health) },
    { name: 'screen', fault: isCut ? 'cut' : null },
  ];
}

function machinesFault(health: DataHealth): Fault | null {
  const { live, cannot_judge, stale, offline } = health.machines;
  // A machine that cannot be judged does report.
  if (live + cannot_judge > 0) return null;
  return stale + offline > 0 ? 'allSilent' : 'noMachines';
}

function gatewayFault(health: DataHealth): Fault | null {
  if (health.backlog.oldest_age_s > BEHIND_S) return 'behind';
  return health.machines.live > 0 && health.rates.one_minute === 0 ? 'nothingStored' : null;
}
