import { useState } from 'react';
import { Link } from 'wouter';
import { useDesk } from '../../alarms/desk';
import { getDecisionRecord } from '../../api/alarms';
import type { AlarmDetail } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import css from './alarm-page.module.css';
import { deedsFor } from './deeds';

/** What can be done to this alarm now; what helps most is first. */
export function Actions({ alarm }: { alarm: AlarmDetail }) {
  const words = useAlarmWords();
  const ask = useDesk();
  return (
    <div className={css['actions']}>
      {deedsFor(alarm).map((deed, at) => (
        <Button key={deed} look={at === 0 ? 'strong' : 'plain'} onClick={() => ask(deed, alarm)}>
          {words.actions[deed]}
        </Button>
      ))}
      <Link href={`/machines/${encodeURIComponent(alarm.machine_id)}`} className={`${css['machine']} ${css['push']}`}>
        {words.detail.machine}
      </Link>
      <Download alarm={alarm} />
      <Button onClick={() => print()}>{words.detail.print}</Button>
    </div>
  );
}

/** Saves the decision record, which anybody can check offline. */
function Download({ alarm }: { alarm: AlarmDetail }) {
  const words = useAlarmWords();
  const [state, setState] = useState<'idle' | 'busy' | Error>('idle');
  const download = async () => {
    setState('busy');
    try {
      save(
        `alarm-${alarm.machine_id}-${alarm.mode}-${alarm.alarm_id.slice(0, 8)}.json`,
        await getDecisionRecord(alarm.alarm_id),
      );
      setState('idle');
    } catch (error) {
      setState(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return (
    <>
      <Button disabled={state === 'busy'} onClick={() => void download()}>
        {state === 'busy' ? words.detail.downloading : words.detail.download}
      </Button>
      {state instanceof Error && <Failure error={state} onRetry={() => void download()} />}
    </>
  );
}

function save(name: string, body: Blob): void {
  const url = URL.createObjectURL(body);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the content by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
