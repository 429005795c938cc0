import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Tab } from '../../alarms/alarm-state';
import { ALARMS, useAlarmRefreshMs } from '../../alarms/queries';
import { type AlarmQuery, listAlarms } from '../../api/alarms';
import { ALARMS_A_PAGE, FIRST } from '../../api/paths';
import type { AlarmItem, AlarmPage } from '../../api/types';

const QUERIES: Readonly<Record<Exclude<Tab, 'hidden'>, AlarmQuery>> = {
  unacknowledged: FIRST.waitingAlarms,
  acknowledged: { state: 'acknowledged', overlay: 'none' },
  returned: { state: 'returned_unacknowledged', overlay: 'none' },
  history: { open: 'no', sort: 'raised' },
};

/** The alarms of a tab, page after page; all pages are asked again when alarms have changed. */
export function alarmListQuery(tab: Tab) {
  return infiniteQueryOptions({
    queryKey: [ALARMS, 'tab', tab],
    queryFn: ({ pageParam, signal }) => (tab === 'hidden' ? hidden(signal) : page(QUERIES[tab], pageParam, signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
}

export function useAlarmList(tab: Tab) {
  const refetchInterval = useAlarmRefreshMs();
  return useInfiniteQuery({ ...alarmListQuery(tab), refetchInterval, placeholderData: keepPreviousData });
}

function page(query: AlarmQuery, cursor: string | null, signal: AbortSignal): Promise<AlarmPage> {
  return listAlarms({ ...query, limit: ALARMS_A_PAGE, cursor }, signal);
}

/** What any overlay hides: the gateway lists one overlay at a time. */
async function hidden(signal: AbortSignal): Promise<AlarmPage> {
  const overlays = ['shelved', 'suppressed', 'out_of_service'] as const;
  const [first, ...others] = await Promise.all(overlays.map((overlay) => listAlarms({ overlay, limit: 200 }, signal)));
  if (first === undefined) throw new RangeError('no overlay');
  return { ...first, alarms: [first, ...others].flatMap(({ alarms }) => alarms), next_cursor: null };
}

/**
 * The list as it may be shown: while somebody points at it or has the focus in it, nothing moves. What has changed is
 * shown where it stands, what is gone goes, and what is new waits and is counted.
 */
export function useHeldList(alarms: readonly AlarmItem[], isHeld: boolean) {
  const order = useRef<readonly string[]>([]);
  const [, setShown] = useState(0);
  // The pointer may rest there before there is anything to point at.
  const moves = !isHeld || order.current.length === 0;
  useEffect(() => {
    if (moves) order.current = alarms.map(({ alarm_id }) => alarm_id);
  });
  if (moves) return { shown: alarms, fresh: 0, showFresh: () => {} };
  const byId = new Map(alarms.map((alarm) => [alarm.alarm_id, alarm]));
  const shown = order.current.flatMap((id) => byId.get(id) ?? []);
  return {
    shown,
    fresh: alarms.length - shown.length,
    showFresh: () => {
      order.current = alarms.map(({ alarm_id }) => alarm_id);
      setShown((count) => count + 1);
    },
  };
}
