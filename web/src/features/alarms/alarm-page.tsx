import { useMemo } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { AlarmState } from '../../alarms/alarm-row';
import { alarmMark, durationS } from '../../alarms/alarm-state';
import { useModeTitle } from '../../alarms/mode-title';
import { alarmQuery, useAlarm } from '../../alarms/queries';
import { useAlarmKeys } from '../../alarms/use-alarm-keys';
import { ApiError } from '../../api/errors';
import type { AlarmDetail } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { useShortcuts } from '../../lib/shortcuts';
import { formatAge, formatDateTime, zoneName } from '../../lib/time';
import type { Start } from '../../live/start';
import { useLiveStore, useLiveVersion } from '../../live/use-live';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { StatusMark } from '../../ui/status-mark';
import { AdvicePanel } from './advice-panel';
import { Actions } from './alarm-actions';
import { AlarmFacts } from './alarm-facts';
import css from './alarm-page.module.css';
import { Evidence } from './evidence';
import { RecordPanel } from './record-panel';
import { TransitionLog } from './transition-log';

export function first({ queries, id }: Start): Promise<unknown> {
  return queries.prefetchQuery(alarmQuery(id));
}

/** One alarm whole: why it came, what to do, what was done, and how often such alarms were right. */
export default function AlarmPage() {
  const words = useAlarmWords();
  const { id = '' } = useParams();
  const [, go] = useLocation();
  const { data: alarm, error, refetch } = useAlarm(id);
  const shown = useMemo(() => (alarm === undefined ? [] : [alarm]), [alarm]);
  useAlarmKeys(shown, true);
  useShortcuts(useMemo(() => ({ ['Escape']: () => go('/alarms') }), [go]));
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Notice title={words.detail.unknown}>
        <Link href="/alarms">{words.detail.back}</Link>
      </Notice>
    );
  }
  if (alarm === undefined) {
    return error === null ? <Skeleton lines={12} /> : <Failure error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={page['page']}>
      <Head alarm={alarm} />
      {error !== null && <Failure error={error} onRetry={() => void refetch()} />}
      <Actions alarm={alarm} />
      <div className={css['columns']}>
        <div className={page['page']}>
          <AdvicePanel alarm={alarm} />
          <Evidence alarm={alarm} />
        </div>
        <div className={page['page']}>
          <RecordPanel alarm={alarm} />
          <Panel title={words.detail.history}>
            <TransitionLog transitions={alarm.transitions} />
          </Panel>
          <AlarmFacts alarm={alarm} />
        </div>
      </div>
    </div>
  );
}

function Head({ alarm }: { alarm: AlarmDetail }) {
  const { lang } = useWords();
  const words = useAlarmWords();
  const store = useLiveStore();
  useLiveVersion(store);
  const modeTitle = useModeTitle(alarm.equipment);
  const nowMs = store.now();
  const age = formatAge(durationS(alarm, nowMs), lang);
  const stands = alarm.is_open && alarm.returned_at === null;
  return (
    <div className={css['head']}>
      <Link href="/alarms" className={css['back']}>
        <Icon name="back" size={16} />
        {words.detail.back}
      </Link>
      <div className={css['title']}>
        <StatusMark kind={alarmMark(alarm)} label={words.priority(alarm.priority)} size={30} />
        <h1>
          {alarm.machine_id} · {modeTitle(alarm.mode)}
        </h1>
        <span className={css['state']}>
          <AlarmState alarm={alarm} />
        </span>
      </div>
      <p className={page['lead']}>
        {words.raised(formatDateTime(Date.parse(alarm.raised_at), lang))} {zoneName(nowMs)} ·{' '}
        {stands ? words.stands(age) : words.stood(age)} · {words.priority(alarm.priority)}
      </p>
      <p className={css['printed']}>{words.detail.printed(formatDateTime(nowMs, lang))}</p>
    </div>
  );
}
