import { useMemo } from 'react';
import { firstByMachine } from '../../alarms/alarm-state';
import { useOpenAlarms, usePolicy } from '../../alarms/queries';
import { useAlarmKeys } from '../../alarms/use-alarm-keys';
import { isOnItsWay } from '../../api/on-its-way';
import type { AlarmItem } from '../../api/types';
import type { QueueOrder } from './fleet-rows';

const NO_ALARMS: readonly AlarmItem[] = [];

/** By what the queue is ordered: the open alarms, and the money of the policy where one is known. Takes their keys. */
export function useQueueOrder(): { order: QueueOrder; currency: string; isAwaited: boolean } {
  const [open, policy] = [useOpenAlarms(), usePolicy()];
  const alarms = open.data?.alarms ?? NO_ALARMS;
  const costs = policy.data?.policy.costs;
  useAlarmKeys(alarms, false);
  const order = useMemo<QueueOrder>(
    () => ({
      alarms: firstByMachine(alarms),
      failureCost: costs === undefined ? null : costs.miss + costs.miss_hours_down * costs.hour_down,
    }),
    [alarms, costs],
  );
  return { order, currency: costs?.currency ?? '', isAwaited: isOnItsWay(open) || isOnItsWay(policy) };
}
