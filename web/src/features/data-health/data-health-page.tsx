import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { getDataHealth } from '../../api/client';
import type { DataHealth } from '../../api/types';
import { useDataHealthWords } from '../../i18n/data-health-words';
import { useWords } from '../../i18n/t';
import { decimalsFor, formatNumber, formatQuantity } from '../../lib/format';
import { formatAge, formatClock } from '../../lib/time';
import type { Start } from '../../live/start';
import { DataTable } from '../../ui/data-table';
import { Facts } from '../../ui/facts';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { DeadLetters } from './dead-letters';
import { Flow } from './flow';

const REFRESH_MS = 2_000;

const healthQuery = queryOptions({
  queryKey: ['data-health'],
  queryFn: ({ signal }) => getDataHealth(signal),
});

export function first({ queries }: Start): Promise<unknown> {
  return queries.prefetchQuery(healthQuery);
}

/** Is silence good news? */
export default function DataHealthPage() {
  const { t, lang } = useWords();
  const words = useDataHealthWords();
  const query = useQuery({ ...healthQuery, refetchInterval: REFRESH_MS });
  const health = query.data;
  const at = health === undefined ? 0 : Date.parse(health.server_time);
  const isOld = query.error !== null && health !== undefined;
  const ageS = (Date.now() - query.dataUpdatedAt) / 1000;
  return (
    <div className={page['page']}>
      <div>
        <h1>{words.title}</h1>
        <p className={page['lead']}>{words.lead}</p>
      </div>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && health === undefined && <Skeleton lines={10} />}
      {health !== undefined && (
        <>
          <Flow health={health} staleNote={isOld ? t.panel.asOf(formatClock(at), formatAge(ageS, lang)) : null} />
          <div className={page['halves']}>
            <Passage health={health} />
            <div className={page['page']}>
              <Silent health={health} />
              <Lag health={health} />
            </div>
          </div>
          <DeadLetters reasons={health.dead_letters} />
        </>
      )}
    </div>
  );
}

/** How fast readings pass, and how far the machines' clocks are off. */
function Passage({ health }: { health: DataHealth }) {
  const { lang } = useWords();
  const words = useDataHealthWords();
  const seconds = (value: number | null) =>
    value === null ? '–' : formatQuantity(value, 's', Math.min(2, decimalsFor(value)), lang);
  const rate = (value: number) => formatNumber(value, 1, lang);
  const { latency, rates, clock_skew: skew } = health;
  return (
    <div className={page['page']}>
      <Panel title={words.latency}>
        <Facts
          facts={[
            [words.half, seconds(latency.p50_s)],
            [words.most, seconds(latency.p95_s)],
            [words.nearlyAll, seconds(latency.p99_s)],
            [
              words.rates,
              `${rate(rates.one_minute)} (${words.lastMinute}) · ${rate(rates.five_minutes)} (${words.lastFive})`,
            ],
          ]}
        />
        <p className={page['note']}>{words.latencyNote(formatNumber(latency.readings, 0, lang))}</p>
      </Panel>
      <Panel title={words.clocks}>
        <Facts
          facts={[
            [words.ahead, formatAge(skew.ahead_s, lang)],
            [words.behind, formatAge(skew.behind_s, lang)],
          ]}
        />
        <p className={page['note']}>{words.clocksHint}</p>
      </Panel>
    </div>
  );
}

/** What this gateway has not yet taken, partition by partition. */
function Lag({ health }: { health: DataHealth }) {
  const { lang } = useWords();
  const words = useDataHealthWords();
  return (
    <Panel title={words.lag}>
      {health.backlog.as_of === null ? (
        <Notice title={words.notLooked} />
      ) : (
        <DataTable
          label={words.lag}
          rows={health.backlog.partitions}
          keyOf={({ topic, partition }) => `${topic} ${partition}`}
          columns={[
            { title: words.partition, cell: ({ topic, partition }) => `${topic} · ${partition}` },
            { title: words.records, isNumber: true, cell: ({ records }) => formatNumber(records, 0, lang) },
          ]}
        />
      )}
    </Panel>
  );
}

function Silent({ health }: { health: DataHealth }) {
  const { t, lang } = useWords();
  const words = useDataHealthWords();
  const silent = health.longest_silent.filter(({ state }) => state !== 'live' && state !== 'cannot_judge');
  return (
    <Panel title={words.silent}>
      {silent.length === 0 ? (
        <Notice title={words.silentNone} />
      ) : (
        <DataTable
          label={words.silent}
          rows={silent}
          keyOf={({ machine_id }) => machine_id}
          columns={[
            {
              title: t.fleet.columns.machine,
              cell: ({ machine_id: id }) => <Link href={`/machines/${encodeURIComponent(id)}`}>{id}</Link>,
            },
            { title: t.fleet.columns.state, cell: ({ state }) => t.state[state] },
            {
              title: t.fleet.columns.age,
              isNumber: true,
              cell: ({ age_s }) => (age_s === null ? words.never : t.fleet.ago(formatAge(age_s, lang))),
            },
          ]}
        />
      )}
    </Panel>
  );
}
