import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { needsAck } from '../../alarms/alarm-state';
import { useDesk } from '../../alarms/desk';
import type { AlarmItem } from '../../api/types';
import { titleOf, useWords, type Words } from '../../i18n/t';
import { decimalsFor, formatMoney, formatProbability, formatQuantity } from '../../lib/format';
import { formatAge } from '../../lib/time';
import { useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { StatusMark } from '../../ui/status-mark';
import css from './attention-queue.module.css';
import { attentionQueue, expectedCost, type FleetRow, type QueueOrder, steadyQueue } from './fleet-rows';
import { markLabel } from './words';

const LENGTH = 20;

type Titles = ReadonlyMap<string, string>;

interface Props {
  rows: readonly FleetRow[];
  order: QueueOrder;
  currency: string;
  modeTitles: Titles;
  featureTitles: Titles;
  staleNote: string | null;
  /** What the rows say is not there yet. */
  isAwaited: boolean;
}

/** Which machine first, and why, in one line each. The order never changes under a pointer or the focus. */
export function AttentionQueue({ rows, order, currency, modeTitles, featureTitles, staleNote, isAwaited }: Props) {
  const words = useWords();
  const { t, lang } = words;
  const store = useLiveStore();
  const [isHeld, setHeld] = useState(false);
  const heldOrder = useRef<readonly string[]>([]);
  const shownOrder = useRef<readonly string[]>([]);
  const queue = steadyQueue(attentionQueue(rows, order), shownOrder.current, order);
  useEffect(() => {
    shownOrder.current = queue.map(({ id }) => id);
  });
  const shown = isHeld ? inOrder(queue, heldOrder.current) : queue.slice(0, LENGTH);
  // A list that has gone takes the pointer's leaving with it.
  useEffect(() => {
    if (shown.length === 0) setHeld(false);
  }, [shown.length]);

  const hold = () => {
    if (isHeld) return;
    heldOrder.current = shown.map((row) => row.id);
    setHeld(true);
  };
  return (
    <Panel
      title={t.fleet.queue}
      staleNote={staleNote}
      aside={queue.length > 0 && <span className={css['count']}>{queue.length}</span>}
    >
      {isAwaited ? (
        <Skeleton lines={24} />
      ) : shown.length === 0 ? (
        <Notice title={t.fleet.queueEmpty} />
      ) : (
        <ol
          className={css['queue']}
          data-queue=""
          onPointerEnter={hold}
          onPointerLeave={() => setHeld(false)}
          onFocus={hold}
          onBlur={() => setHeld(false)}
        >
          {shown.map((row) => (
            <li key={row.id} className={css['item']} data-alarm={order.alarms.get(row.id)?.alarm_id}>
              <Link href={`/machines/${encodeURIComponent(row.id)}`} className={css['row']}>
                {row.mark !== null && <StatusMark kind={row.mark} label={markLabel(row.mark, t)} size={22} />}
                <span className={css['id']}>{row.id}</span>
                <span className={css['age']}>{formatAge((store.now() - row.observedAt) / 1000, lang)}</span>
                <span className={css['reason']}>
                  {reasonLine(row, words, modeTitles, featureTitles)}
                  {riskText(row)}
                </span>
              </Link>
              <AlarmPart alarm={order.alarms.get(row.id)} />
            </li>
          ))}
        </ol>
      )}
      {queue.length > LENGTH && <p className={css['more']}>{t.fleet.queueMore(queue.length - LENGTH)}</p>}
    </Panel>
  );

  function riskText(row: FleetRow): string {
    const cost = expectedCost(row, order.failureCost);
    return cost === null ? '' : ` · ${t.desk.atRisk(formatMoney(cost, currency, lang))}`;
  }
}

/** What stands with the machine's alarm: who is on it, or the way to take it. */
function AlarmPart({ alarm }: { alarm: AlarmItem | undefined }) {
  const { t } = useWords();
  const ask = useDesk();
  if (alarm === undefined) return null;
  if (!needsAck(alarm)) {
    return (
      <p className={css['handled']}>
        {alarm.assignee === null ? t.desk.acknowledged : t.desk.handledBy(alarm.assignee)}
      </p>
    );
  }
  return (
    <Button className={css['ack']} aria-label={t.desk.ackOf(alarm.machine_id)} onClick={() => ask('ack', alarm)}>
      {t.desk.ack}
    </Button>
  );
}

/** The rows that are still in the queue, in the order they had. */
function inOrder(queue: readonly FleetRow[], order: readonly string[]): FleetRow[] {
  const byId = new Map(queue.map((row) => [row.id, row]));
  return order.flatMap((id) => byId.get(id) ?? []);
}

/** `Overstrain failure 88 % · Strain 10,626 min·Nm` */
function reasonLine(row: FleetRow, { t, lang }: Words, modeTitles: Titles, featureTitles: Titles): string {
  if (row.mark === 'cannot_judge') {
    const code = row.stateReason?.code;
    return (code !== undefined && t.codes[code]) || (row.stateReason?.detail ?? t.mark.cannot_judge);
  }
  const mode = row.mode === null ? null : titleOf(t, row.mode, modeTitles.get(row.mode));
  const isUnusual = row.mark === 'anomaly';
  const what = isUnusual ? t.mark.anomaly : mode;
  const parts = [
    what === null
      ? formatProbability(row.probability, lang)
      : `${what} ${isUnusual ? '' : formatProbability(row.probability, lang)}`.trim(),
  ];
  if (row.reason !== null) {
    const { feature, value, unit } = row.reason;
    const title = titleOf(t, feature, featureTitles.get(feature));
    parts.push(`${title} ${formatQuantity(value, unit, decimalsFor(value), lang)}`);
  }
  return parts.join(' · ');
}
