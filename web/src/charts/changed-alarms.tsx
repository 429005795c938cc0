import { Link } from 'wouter';
import type { HistoryAlarm, HistoryDifference } from '../api/types';
import { usePolicyWords } from '../i18n/policy-words';
import { useWords } from '../i18n/t';
import { formatNumber } from '../lib/format';
import { formatAge, formatDateTime } from '../lib/time';
import { DataTable } from '../ui/data-table';
import { StatusMark } from '../ui/status-mark';
import css from './changed-alarms.module.css';

const SHOWN = 50;
const MARKS = { 1: 'p1', 2: 'p2', 3: 'p3' } as const;

interface Row {
  readonly alarm: HistoryAlarm;
  /** Seconds by which the new history raises it later; null where only one history has it. */
  readonly laterS: number | null;
}

interface Props {
  difference: HistoryDifference;
  titled: (condition: string) => string;
}

/** The alarms that come, go, or are raised at another time, folded until somebody looks. */
export function ChangedAlarms({ difference, titled }: Props) {
  const { lang } = useWords();
  const words = usePolicyWords().difference;
  const { gained, lost, moved } = difference;
  const count = (value: number) => formatNumber(value, 0, lang);
  const alone = (alarm: HistoryAlarm): Row => ({ alarm, laterS: null });
  const lists = [
    { title: words.gainedAlarms(count(gained)), rows: difference.gained_alarms.map(alone) },
    { title: words.lostAlarms(count(lost)), rows: difference.lost_alarms.map(alone) },
    {
      title: words.movedAlarms(count(moved)),
      rows: difference.moved_alarms.map((pair): Row => ({ alarm: pair.new, laterS: pair.later_s })),
    },
  ].filter(({ rows }) => rows.length > 0);
  return (
    <>
      {lists.map(({ title, rows }) => (
        <details key={title} className={css['list']}>
          <summary>
            {title}
            {rows.length > SHOWN && `, ${words.first(count(SHOWN))}`}
          </summary>
          <Alarms title={title} rows={rows.slice(0, SHOWN)} titled={titled} />
        </details>
      ))}
    </>
  );
}

interface AlarmsProps {
  title: string;
  rows: readonly Row[];
  titled: Props['titled'];
}

function Alarms({ title, rows, titled }: AlarmsProps) {
  const { lang } = useWords();
  const words = usePolicyWords().difference;
  const shift = (seconds: number) => {
    const time = formatAge(Math.abs(seconds), lang);
    return seconds < 0 ? words.earlier(time) : words.later(time);
  };
  return (
    <DataTable
      label={title}
      rows={rows}
      keyOf={({ alarm }) => alarm.alarm_id}
      columns={[
        {
          title: words.machine,
          cell: ({ alarm }) => (
            <Link href={`/machines/${encodeURIComponent(alarm.machine_id)}`}>{alarm.machine_id}</Link>
          ),
        },
        {
          title: words.condition,
          cell: ({ alarm }) => (
            <span className={css['condition']}>
              <StatusMark kind={markOf(alarm.priority)} size={18} />
              {titled(alarm.mode)}
              {alarm.confirmed && ` · ${words.confirmed}`}
            </span>
          ),
        },
        {
          title: words.raised,
          cell: ({ alarm, laterS }) =>
            `${formatDateTime(Date.parse(alarm.raised_at), lang)}${laterS === null ? '' : ` · ${shift(laterS)}`}`,
        },
      ]}
    />
  );
}

function markOf(priority: number) {
  return priority === 1 || priority === 2 ? MARKS[priority] : MARKS[3];
}
