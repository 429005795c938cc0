import { Link } from 'wouter';
import { AlarmRow } from '../../alarms/alarm-row';
import { useModeTitle } from '../../alarms/mode-title';
import type { AlarmItem } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import css from './alarm-panel.module.css';

const SHOWN = 5;

interface Props {
  machine: string;
  equipment: string;
  /** The newest first; undefined until they are known. */
  alarms: readonly AlarmItem[] | undefined;
  error: Error | null;
  onRetry: () => void;
  nowMs: number;
  staleNote: string | null;
}

/** The open alarms of a machine, then its newest ones that are over, with what can be done. */
export function AlarmPanel({ machine, equipment, alarms, error, onRetry, nowMs, staleNote }: Props) {
  const words = useAlarmWords();
  const modeTitle = useModeTitle(equipment);
  const open = alarms?.filter(({ is_open }) => is_open) ?? [];
  const over = alarms?.filter(({ is_open }) => !is_open) ?? [];
  const shown = [...open, ...over].slice(0, Math.max(open.length, SHOWN));
  return (
    <Panel
      title={words.machine.title}
      staleNote={staleNote}
      aside={
        <Link href={`/alarms?q=${encodeURIComponent(machine)}&tab=history`} className={css['all']}>
          {words.machine.all}
        </Link>
      }
    >
      {error !== null && <Failure error={error} onRetry={onRetry} />}
      {error === null && alarms === undefined && <Skeleton lines={2} />}
      {alarms !== undefined && shown.length === 0 && <Notice title={words.machine.none} />}
      <ol data-queue="">
        {shown.map((alarm) => (
          <AlarmRow key={alarm.alarm_id} alarm={alarm} modeTitle={modeTitle} nowMs={nowMs} isOfMachine />
        ))}
      </ol>
    </Panel>
  );
}
