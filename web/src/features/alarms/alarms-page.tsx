import { useState } from 'react';
import { countsByTab, type OpenTab, TABS } from '../../alarms/alarm-state';
import { useModeTitle } from '../../alarms/mode-title';
import { useAlarmKeys } from '../../alarms/use-alarm-keys';
import { useLines } from '../../api/machines-query';
import { useAlarmWords } from '../../i18n/alarm-words';
import { choiceOf, useUrlState } from '../../lib/url-state';
import { useStaleNote } from '../../live/stale-note';
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
import { useAlarmList } from './use-alarm-list';
import { useAlarmLoad } from './use-alarm-load';

const NO_COUNTS: Readonly<Record<OpenTab, number>> = { unacknowledged: 0, acknowledged: 0, returned: 0, hidden: 0 };

/** Work the list. */
export default function AlarmsPage() {
  const words = useAlarmWords();
  const store = useLiveStore();
  useLiveVersion(store);
  const [url, setUrl] = useUrlState();
  const tab = choiceOf(url.get('tab'), TABS, 'unacknowledged');
  const text = url.get('q') ?? '';
  const list = useAlarmList(tab);
  const load = useAlarmLoad(store);
  const flood = load.flood;
  const grouping = choiceOf(url.get('group'), GROUPINGS, flood === null ? 'none' : 'machine');
  const lineOf = useLines(grouping === 'line');
  const modeTitle = useModeTitle();
  const staleNote = useStaleNote(store);
  const [isHeld, setHeld] = useState(false);
  const first = list.data?.pages[0];
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
            counts={first === undefined ? NO_COUNTS : countsByTab(first.counts)}
            isKnown={first !== undefined}
            onChange={(next) => setUrl({ tab: next === 'unacknowledged' ? null : next })}
          />
          <div id="alarm-list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            {list.error !== null && <Failure error={list.error} onRetry={() => void list.refetch()} />}
            {list.error === null && first === undefined && <Skeleton lines={20} />}
            {first !== undefined && (
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
