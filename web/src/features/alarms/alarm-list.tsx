import { AlarmRow } from '../../alarms/alarm-row';
import type { Tab } from '../../alarms/alarm-state';
import type { AlarmItem } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import css from './alarms-page.module.css';
import { type Grouping, groupAlarms } from './groups';
import { useHeldList } from './use-alarm-list';

interface Props {
  tab: Tab;
  alarms: readonly AlarmItem[];
  isFiltered: boolean;
  grouping: Grouping;
  lineOf: (machine: string) => string | null;
  modeTitle: (mode: string) => string;
  nowMs: number;
  isHeld: boolean;
  onHold: (isHeld: boolean) => void;
  onClear: () => void;
  onMore: (() => void) | null;
}

/** The alarms of a tab, in groups where that is wanted. Nothing moves under a pointer or the focus. */
export function AlarmList(props: Props) {
  const { tab, alarms, isFiltered, grouping, isHeld, onHold, onClear, onMore } = props;
  const words = useAlarmWords();
  const { shown, fresh, showFresh } = useHeldList(alarms, isHeld);
  const isEmpty = shown.length === 0 && fresh === 0;
  return (
    <>
      <div role="status">
        {fresh > 0 && (
          <Button className={css['fresh']} onClick={showFresh}>
            {words.fresh(fresh)}
          </Button>
        )}
      </div>
      {isEmpty && isFiltered && (
        <Notice title={words.noMatch}>
          <Button onClick={onClear}>{words.clear}</Button>
        </Notice>
      )}
      {isEmpty && !isFiltered && <Notice title={words.empty[tab]} />}
      <section
        data-queue=""
        aria-label={words.title}
        onPointerEnter={() => onHold(true)}
        onPointerLeave={() => onHold(false)}
        onFocus={() => onHold(true)}
        onBlur={() => onHold(false)}
      >
        {groupAlarms(shown, grouping, props.lineOf).map(({ key, alarms: members }) => (
          <Group key={key} name={key} members={members} {...props} />
        ))}
      </section>
      {onMore !== null && <Button onClick={onMore}>{words.more}</Button>}
    </>
  );
}

interface GroupProps extends Props {
  name: string;
  members: readonly AlarmItem[];
}

function Group({ name, members, grouping, modeTitle, nowMs }: GroupProps) {
  const words = useAlarmWords();
  const title = grouping === 'mode' ? modeTitle(name) : name === '' ? words.noLine : name;
  return (
    <div>
      {grouping !== 'none' && (
        <h3 className={css['group']}>
          {title} <span>{words.grouped(members.length)}</span>
        </h3>
      )}
      <ol>
        {members.map((alarm) => (
          <AlarmRow
            key={alarm.alarm_id}
            alarm={alarm}
            modeTitle={modeTitle}
            nowMs={nowMs}
            isOfMachine={grouping === 'machine'}
          />
        ))}
      </ol>
    </div>
  );
}
