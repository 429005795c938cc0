import { lazy, Suspense, useDeferredValue, useMemo } from 'react';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { choiceOf, useUrlState } from '../../lib/url-state';
import { FILTERS } from '../../live/condition';
import { useStaleNote } from '../../live/stale-note';
import { useConnection, useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import { Choice } from '../../ui/choice';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { AttentionQueue } from './attention-queue';
import { Counts } from './counts';
import { FindMachine } from './find-machine';
import { FleetGrid } from './fleet-grid';
import css from './fleet-page.module.css';
import { countByFilter, passes, worstMarks } from './fleet-rows';
import { firstOfFleet } from './queries';
import { useFleet } from './use-fleet';
import { useQueueOrder } from './use-queue-order';

export const first = firstOfFleet;

const FleetTable = lazy(() => import('./fleet-table'));
const VIEWS = ['grid', 'table'] as const;
const GROUPINGS = ['line', 'type'] as const;

/** What needs me now? */
export default function FleetPage() {
  const { t, lang } = useWords();
  const store = useLiveStore();
  const [url, setUrl] = useUrlState();
  const { rows, priorities, modeTitles, featureTitles, isAwaited, error, retry } = useFleet(store);
  const { order, currency, isAwaited: isOrderAwaited } = useQueueOrder();
  const filter = choiceOf(url.get('show'), FILTERS, 'all');
  const view = choiceOf(url.get('view'), VIEWS, 'grid');
  const find = url.get('q') ?? '';
  const hasLines = rows.some((row) => row.line !== null);
  const groupBy = choiceOf(url.get('group'), GROUPINGS, hasLines ? 'line' : 'type');
  const counts = useMemo(() => countByFilter(rows), [rows]);
  const shown = useMemo(() => rows.filter((row) => passes(row, filter, find)), [rows, filter, find]);
  // Counts and queue answer at once; the many cells follow in a rendering of their own.
  const [massRows, massShown] = [useDeferredValue(rows), useDeferredValue(shown)];
  const total = formatNumber(rows.length, 0, lang);
  const staleNote = useStaleNote(store);

  if (rows.length === 0) return <EmptyFleet />;
  return (
    <div className={css['page']}>
      <div className={css['head']}>
        <h1>{t.fleet.title}</h1>
        <p className={css['total']}>{t.fleet.machines(rows.length, total)}</p>
        <FindMachine rows={rows} text={find} onChange={(text) => setUrl({ q: text })} />
      </div>
      <Counts
        counts={counts}
        marks={worstMarks(rows)}
        filter={filter}
        onChange={(next) => setUrl({ show: next === 'all' ? null : next })}
      />
      {error !== null && <Failure error={error} onRetry={retry} />}
      <div className={css['columns']}>
        <AttentionQueue
          rows={rows}
          order={order}
          currency={currency}
          modeTitles={modeTitles}
          featureTitles={featureTitles}
          staleNote={staleNote}
          isAwaited={isAwaited.reasons || isOrderAwaited}
        />
        <Panel
          title={t.fleet.tableLabel}
          staleNote={staleNote}
          className={css['mass']}
          aside={
            <div className={css['controls']}>
              {view === 'grid' && hasLines && (
                <Choice
                  label={t.fleet.groupBy}
                  value={groupBy}
                  options={[
                    { value: 'line', label: t.fleet.byLine },
                    { value: 'type', label: t.fleet.byType },
                  ]}
                  onChange={(group) => setUrl({ group })}
                />
              )}
              <Choice
                label={t.fleet.view}
                value={view}
                options={VIEWS.map((value) => ({ value, label: t.fleet[value] }))}
                onChange={(next) => setUrl({ view: next === 'grid' ? null : next })}
              />
            </div>
          }
        >
          {isAwaited.groups ? (
            <Skeleton lines={16} />
          ) : massShown.length === 0 ? (
            <Notice title={t.fleet.noMatch(total)}>
              <Button onClick={() => setUrl({ show: null, q: null })}>{t.fleet.clear}</Button>
            </Notice>
          ) : view === 'grid' ? (
            <FleetGrid
              rows={massRows}
              shown={massShown}
              groupBy={groupBy}
              priorities={priorities}
              modeTitles={modeTitles}
            />
          ) : (
            <Suspense fallback={<Skeleton lines={10} />}>
              <FleetTable rows={massShown} modeTitles={modeTitles} />
            </Suspense>
          )}
        </Panel>
      </div>
    </div>
  );
}

/** Nothing to show yet: on its way, unreachable, or truly nothing. */
function EmptyFleet() {
  const { t } = useWords();
  const { connection } = useConnection();
  return (
    <div className={css['page']}>
      <h1>{t.fleet.title}</h1>
      {connection.state === 'live' ? (
        <Notice title={t.fleet.empty}>
          <p>{t.fleet.emptyHint}</p>
        </Notice>
      ) : connection.state === 'connecting' ? (
        <Skeleton lines={8} />
      ) : (
        <Notice title={t.panel.network} tone="warn">
          <p>{t.panel.continues}</p>
        </Notice>
      )}
    </div>
  );
}
