import { useState } from 'react';
import { countsByTab, type OpenTab, TABS, type Tab } from '../../alarms/alarm-state';
import { useModeTitle } from '../../alarms/mode-title';
import { useAlarmKeys } from '../../alarms/use-alarm-keys';
import { useLines } from '../../api/machines-query';
import { useAlarmWords } from '../../i18n/alarm-words';
import { choiceOf, useUrlState } from '../../lib/url-state';
import { useStaleNote } from '../../live/stale-note';
import type { Start } from '../../live/start';
import { useLiveStore, useLiveVersion } from '../../live/use-live';
import { Choice } from '../../ui/choice';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { AlarmList } from './alarm-list';
import css from './alarms-page.module.css';
import { FloodNotice } from './flood-notice';
import { GROUPINGS, matches } from './groups';
import { LoadPanel } from './load-panel';
import { Tabs } from './tabs';
import { alarmListQuery, useAlarmList } from './use-alarm-list';
import { alarmLoadQuery, useAlarmLoad } from './use-alarm-load';

const NO_COUNTS: Readonly<Record<OpenTab, number>> = { unacknowledged: 0, acknowledged: 0, returned: 0, hidden: 0 };

export function first({ queries }: Start): Promise<unknown> {
  return Promise.all([
    queries.prefetchInfiniteQuery(alarmListQuery(tabOf(new URLSearchParams(location.search).get('tab')))),
    queries.prefetchQuery(alarmLoadQuery),
  ]);
}

function tabOf(text: string | null): Tab {
  return choiceOf(text, TABS, 'unacknowledged');
}

/** Work the list. */
export default function AlarmsPage() {
  const words = useAlarmWords();
  const store = useLiveStore();
  useLiveVersion(store);
  const [url, setUrl] = useUrlState();
  const tab = tabOf(url.get('tab'));
  const text = url.get('q') ?? '';
  const list = useAlarmList(tab);
  const load = useAlarmLoad();
  const flood = load.flood;
  const grouping = choiceOf(url.get('group'), GROUPINGS, flood === null ? 'none' : 'machine');
  const lineOf = useLines(grouping === 'line');
  const modeTitle = useModeTitle();
  const staleNote = useStaleNote(store);
  const [isHeld, setHeld] = useState(false);
  const newest = list.data?.pages[0];
  const alarms = list.data?.pages.flatMap((one) => one.alarms) ?? [];
  useAlarmKeys(alarms, false);
  return (
    <div className={page['page']}>
      <h1>{words.title}</h1>
      {flood !== null && <FloodNotice flood={flood} modeTitle={modeTitle} />}
      <div className={css['columns']}>
        <Panel
          title={words.tabs[tab]}
          staleNote={staleNote}
          aside={
            <div className={css['controls']}>
              <input
                type="search"
                className={css['find']}
                value={text}
                placeholder={words.find}
                aria-label={words.find}
                onChange={({ target }) => setUrl({ q: target.value })}
              />
              <Choice
                label={words.group}
                value={grouping}
                options={GROUPINGS.map((value) => ({ value, label: words.groups[value] }))}
                onChange={(group) => setUrl({ group })}
              />
            </div>
          }
        >
          <Tabs
            tab={tab}
            counts={newest === undefined ? NO_COUNTS : countsByTab(newest.counts)}
            isKnown={newest !== undefined}
            onChange={(next) => setUrl({ tab: next === 'unacknowledged' ? null : next })}
          />
          <div id="alarm-list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {list.error !== null && <Failure error={list.error} onRetry={() => void list.refetch()} />}
            {list.error === null && newest === undefined && <Skeleton lines={20} />}
            {newest !== undefined && (
              <AlarmList
                key={tab}
                tab={tab}
                alarms={alarms.filter((alarm) => matches(alarm, modeTitle(alarm.mode), text))}
                isFiltered={text !== ''}
                grouping={grouping}
                lineOf={lineOf}
                modeTitle={modeTitle}
                nowMs={store.now()}
                isHeld={isHeld}
                onHold={setHeld}
                onClear={() => setUrl({ q: null })}
                onMore={list.hasNextPage ? () => void list.fetchNextPage() : null}
              />
            )}
          </div>
        </Panel>
        <LoadPanel load={load} modeTitle={modeTitle} />
      </div>
    </div>
  );
}
