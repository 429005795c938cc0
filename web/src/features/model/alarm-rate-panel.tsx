import { useState } from 'react';
import type { AlarmRate } from '../../api/types';
import { useModelWords } from '../../i18n/model-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { DataTable } from '../../ui/data-table';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { TwinButton } from '../../ui/twin-button';
import { changesOf, daysOf, meanSince } from './alarm-rate';
import css from './alarm-rate-panel.module.css';
import { useAlarmRate } from './queries';

/** How often alarms came over the last thirty days, and where another version of the model began to judge. */
export function AlarmRatePanel({ equipment }: { equipment: string }) {
  const words = useModelWords();
  const query = useAlarmRate(equipment);
  const [isTable, setTable] = useState(false);
  const rate = query.data;
  const isJudged = rate !== undefined && rate.models.length > 0;
  return (
    <Panel title={words.rate} aside={isJudged && <TwinButton isTable={isTable} onChange={setTable} />}>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && rate === undefined && <Skeleton lines={6} />}
      {rate !== undefined && !isJudged && (
        <Notice title={words.rateNone}>
          <p>{words.rateNoneHint}</p>
        </Notice>
      )}
      {isJudged && (
        <>
          <Sentences rate={rate} />
          {isTable ? <RateTable rate={rate} /> : <RatePicture rate={rate} />}
          <p className={page['note']}>{words.rateHint}</p>
        </>
      )}
    </Panel>
  );
}

/** The whole in words: what a picture would have to be read for. */
function Sentences({ rate }: { rate: AlarmRate }) {
  const { lang } = useWords();
  const words = useModelWords();
  const total = rate.windows.reduce((sum, alarms) => sum + alarms, 0);
  const changes = changesOf(rate);
  const last = changes.at(-1);
  const mean = last === undefined ? null : meanSince(rate, last.atMs);
  return (
    <>
      <p className={page['sentence']}>
        {words.rateTotal(formatNumber(total, 0, lang), formatNumber(total / rate.windows.length, 1, lang))}
      </p>
      <p>
        {last === undefined
          ? words.rateOne(rate.models[0]?.version ?? '')
          : words.rateChanged(last.version, formatDateTime(last.atMs, lang))}
        {mean !== null && ` ${words.rateSince(formatNumber(mean, 1, lang))}`}
      </p>
    </>
  );
}

function RatePicture({ rate }: { rate: AlarmRate }) {
  const { lang } = useWords();
  const words = useModelWords();
  const days = daysOf(rate);
  const most = Math.max(1, ...rate.windows);
  const [first, last] = [formatDateTime(Date.parse(rate.from), lang), formatDateTime(Date.parse(rate.to), lang)];
  return (
    <figure>
      <p className={css['most']} aria-hidden="true">
        {formatNumber(most, 0, lang)}
      </p>
      <div className={css['plot']} role="img" aria-label={words.rateLabel(first, last, formatNumber(most, 0, lang))}>
        {days.map(({ fromMs, alarms }) => (
          <span
            key={fromMs}
            className={css['day']}
            style={{ height: `${(alarms / most) * 100}%` }}
            title={words.rateDay(formatDateTime(fromMs, lang), formatNumber(alarms, 0, lang))}
          />
        ))}
        {changesOf(rate).map(({ atMs, version, share }) => (
          <span
            key={atMs}
            className={css['change']}
            data-side={share > 0.5 ? 'left' : 'right'}
            style={{ left: `${(share * 100).toFixed(1)}%` }}
          >
            <span>{version}</span>
          </span>
        ))}
      </div>
      <p className={css['axis']} aria-hidden="true">
        <span>{first}</span>
        <span>{last}</span>
      </p>
    </figure>
  );
}

function RateTable({ rate }: { rate: AlarmRate }) {
  const { lang } = useWords();
  const words = useModelWords();
  return (
    <DataTable
      label={words.rate}
      rows={daysOf(rate).toReversed()}
      keyOf={({ fromMs }) => String(fromMs)}
      columns={[
        { title: words.rateFrom, cell: ({ fromMs }) => formatDateTime(fromMs, lang) },
        { title: words.columns.alarms, isNumber: true, cell: ({ alarms }) => formatNumber(alarms, 0, lang) },
        { title: words.rateVersion, cell: ({ versions }) => versions.join(', ') },
      ]}
    />
  );
}
