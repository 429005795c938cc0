import { Link, useLocation } from 'wouter';
import { useModeTitle } from '../alarms/mode-title';
import { useOpenAlarms } from '../alarms/queries';
import { useWords } from '../i18n/t';
import { formatClock } from '../lib/time';
import { StatusMark } from '../ui/status-mark';
import css from './shell.module.css';

/** Alarms that say “stop now” and that nobody has acknowledged, on every page; said once, never in anybody's way. */
export function PriorityStrip() {
  const { t } = useWords();
  const [location] = useLocation();
  const modeTitle = useModeTitle();
  const urgent = (useOpenAlarms().data?.alarms ?? []).filter(
    ({ priority, state }) => priority === 1 && state === 'unacknowledged',
  );
  const newest = urgent[0];
  const isShown = newest !== undefined && !location.startsWith('/alarms');
  return (
    <div role="status" className={css['urgent']}>
      {isShown && (
        <p className={css['strip']}>
          <StatusMark kind="p1" size={20} />
          <span>{t.desk.stopNow(urgent.length)}</span>
          <Link href={`/alarms/${newest.alarm_id}`}>
            {newest.machine_id}, {modeTitle(newest.mode)}
          </Link>
          <span>{t.desk.since(formatClock(Date.parse(newest.raised_at)))}</span>
        </p>
      )}
    </div>
  );
}
