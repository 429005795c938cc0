import { useEffect, useMemo, useRef } from 'react';
import type { AlarmItem } from '../api/types';
import { useShortcuts } from '../lib/shortcuts';
import { needsAck } from './alarm-state';
import { type Deed, useDesk } from './desk';

/**
 * Keys for the alarm that has the focus. On a page that is about one machine or one alarm (`isAbout`) the focus may be
 * anywhere: then they mean the first alarm that a key makes sense for.
 */
export function useAlarmKeys(alarms: readonly AlarmItem[], isAbout: boolean): void {
  const ask = useDesk();
  const now = useRef(alarms);
  useEffect(() => {
    now.current = alarms;
  });
  const keys = useMemo(() => {
    const on = (deed: Deed, fits: (alarm: AlarmItem) => boolean) => () => {
      const focused = document.activeElement?.closest<HTMLElement>('[data-alarm]')?.dataset['alarm'];
      const named = now.current.find(({ alarm_id }) => alarm_id === focused);
      const alarm = named ?? (isAbout && focused === undefined ? now.current.find(fits) : undefined);
      if (alarm !== undefined && fits(alarm)) ask(deed, alarm);
    };
    return {
      a: on('ack', needsAck),
      s: on('shelve', ({ is_open, overlay }) => is_open && overlay === 'none'),
      v: on('verdict', () => true),
    };
  }, [ask, isAbout]);
  useShortcuts(keys);
}
