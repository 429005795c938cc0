import { Link } from 'wouter';
import type { AlarmItem } from '../api/types';
import { useAlarmWords } from '../i18n/alarm-words';
import { useWords } from '../i18n/t';
import { formatProbability } from '../lib/format';
import { formatAge, formatClock, formatDateTime } from '../lib/time';
import { Button } from '../ui/button';
import { StatusMark } from '../ui/status-mark';
import css from './alarm-row.module.css';
import { alarmMark, durationS, needsAck } from './alarm-state';
import { useDesk } from './desk';
import { recordSentence } from './record';

interface Props {
  alarm: AlarmItem;
  modeTitle: (mode: string) => string;
  nowMs: number;
  /** The machine is known from where the row stands. */
  isOfMachine?: boolean;
}

/** One alarm in a list: what and since when, who is on it, and what can be done in one click. */
export function AlarmRow({ alarm, modeTitle, nowMs, isOfMachine = false }: Props) {
  const { lang } = useWords();
  const words = useAlarmWords();
  const raisedAt = Date.parse(alarm.raised_at);
  const isToday = nowMs - raisedAt < 12 * 3_600_000;
  const age = formatAge(durationS(alarm, nowMs), lang);
  const mode = modeTitle(alarm.mode);
  return (
    <li className={css['row']} data-alarm={alarm.alarm_id} data-state={alarm.state}>
      <StatusMark kind={alarmMark(alarm)} label={words.priority(alarm.priority)} size={22} />
      <div className={css['what']}>
        <Link href={`/alarms/${alarm.alarm_id}`}>
          {!isOfMachine && <strong>{alarm.machine_id}</strong>} {mode}
        </Link>
        <p>
          <time dateTime={alarm.raised_at} title={formatDateTime(raisedAt, lang)}>
            {words.raised(isToday ? formatClock(raisedAt) : formatDateTime(raisedAt, lang))}
          </time>{' '}
          · {alarm.returned_at === null && alarm.is_open ? words.stands(age) : words.stood(age)}
          {alarm.score !== null && ` · ${words.score(formatProbability(alarm.score, lang))}`}
        </p>
      </div>
      <div className={css['who']}>
        <p>
          <AlarmState alarm={alarm} />
        </p>
        {alarm.precision !== null && alarm.precision.judged > 0 && (
          <p className={css['small']}>{recordSentence(alarm.precision, words, lang)}</p>
        )}
      </div>
      <RowActions alarm={alarm} name={`${alarm.machine_id}, ${mode}`} />
    </li>
  );
}

/** State and overlay in words, and who has it. */
export function AlarmState({ alarm }: { alarm: AlarmItem }) {
  const words = useAlarmWords();
  const parts = [words.state[alarm.state]];
  if (alarm.overlay === 'out_of_service') parts.push(words.overlay.out_of_service);
  else if (alarm.overlay !== 'none') {
    const until = alarm.overlay === 'shelved' ? alarm.shelved_until : alarm.suppressed_until;
    parts.push(words.overlay[alarm.overlay](until === null ? '–' : formatClock(Date.parse(until))));
  }
  if (alarm.assignee !== null) parts.push(words.with(alarm.assignee));
  // Whoever changed it last is known; it is who acknowledged only if nothing has changed since.
  else if (alarm.acknowledged_at === alarm.changed_at && alarm.changed_by !== 'system')
    parts.push(words.by(alarm.changed_by));
  return <>{parts.join(' · ')}</>;
}

function RowActions({ alarm, name }: { alarm: AlarmItem; name: string }) {
  const words = useAlarmWords();
  const ask = useDesk();
  const button = (deed: 'ack' | 'shelve' | 'unshelve' | 'verdict') => (
    <Button className={css[deed]} aria-label={`${words.actions[deed]}: ${name}`} onClick={() => ask(deed, alarm)}>
      {words.actions[deed]}
    </Button>
  );
  return (
    <div className={css['actions']}>
      {needsAck(alarm) && button('ack')}
      {alarm.is_open && alarm.overlay === 'none' && button('shelve')}
      {alarm.overlay === 'shelved' && button('unshelve')}
      {(!alarm.is_open || alarm.state === 'acknowledged') && button('verdict')}
    </div>
  );
}
