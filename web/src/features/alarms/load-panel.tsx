import { Link } from 'wouter';
import type { AlarmLoad } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { formatClock } from '../../lib/time';
import { DataTable } from '../../ui/data-table';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import css from './alarms-page.module.css';
import { type LoadView, perHour } from './use-alarm-load';

const HOUR_MS = 3_600_000;
const SHOWN_ACTORS = 5;

/** What the alarms ask of people, against what one person can bear (EEMUA 191), and who causes it. */
export function LoadPanel({ load, modeTitle }: { load: LoadView; modeTitle: (mode: string) => string }) {
  const words = useAlarmWords();
  return (
    <Panel title={words.load.title}>
      {load.error !== null && <Failure error={load.error} onRetry={load.retry} />}
      {load.error === null && load.day === undefined && <Skeleton lines={5} />}
      {load.day !== undefined && <Load day={load.day} modeTitle={modeTitle} />}
    </Panel>
  );
}

function Load({ day, modeTitle }: { day: AlarmLoad; modeTitle: (mode: string) => string }) {
  const { lang } = useWords();
  const words = useAlarmWords().load;
  const now = day.windows.at(-1) ?? 0;
  const number = (value: number, decimals = 0) => formatNumber(value, decimals, lang);
  return (
    <>
      <p className={css['loadNow']}>{words.now(number(now))}</p>
      <p className={page['lead']}>
        {words.target(number(day.target))}. {now > day.target ? words.tooMany : ''}
      </p>
      {day.alarms === 0 ? (
        <Notice title={words.none} />
      ) : (
        <>
          <Histogram day={day} />
          <ul className={page['note']}>
            <li>{words.day(number(day.alarms))}</li>
            <li>{words.mean(number(day.mean, 1))}</li>
            <li>{words.peak(number(day.peak))}</li>
            <li>{words.above(formatProbability(day.above_target, lang))}</li>
          </ul>
          <h3 className={css['actors']}>{words.actors}</h3>
          <DataTable
            label={words.actors}
            rows={day.bad_actors.slice(0, SHOWN_ACTORS)}
            keyOf={({ machine_id, mode }) => `${machine_id} ${mode}`}
            columns={[
              {
                title: words.machine,
                cell: ({ machine_id: id }) => <Link href={`/machines/${encodeURIComponent(id)}`}>{id}</Link>,
              },
              { title: words.mode, cell: ({ mode }) => modeTitle(mode) },
              { title: words.raises, isNumber: true, cell: ({ raises }) => number(raises) },
            ]}
          />
        </>
      )}
    </>
  );
}

/** One bar per hour; the hours with more than six times the target are dark. The list in words is for readers. */
function Histogram({ day }: { day: AlarmLoad }) {
  const { lang } = useWords();
  const words = useAlarmWords().load;
  const hours = perHour(day.windows);
  const most = Math.max(1, ...hours);
  const startMs = Date.parse(day.from);
  const text = (count: number, hour: number) =>
    words.hour(formatClock(startMs + hour * HOUR_MS).slice(0, 5), formatNumber(count, 0, lang));
  return (
    <figure>
      <div className={css['bars']} role="img" aria-label={words.histogram}>
        {hours.map((count, hour) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the hour is the identity
            key={hour}
            className={count > 6 * day.target ? css['over'] : undefined}
            style={{ height: `${(count / most) * 100}%` }}
            title={text(count, hour)}
          />
        ))}
      </div>
      <figcaption className={page['lead']}>{words.histogram}</figcaption>
      <ul className="visually-hidden">
        {hours.map((count, hour) => (
          <li key={text(count, hour)}>{text(count, hour)}</li>
        ))}
      </ul>
    </figure>
  );
}
