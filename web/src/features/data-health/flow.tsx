import type { DataHealth } from '../../api/types';
import { useDataHealthWords } from '../../i18n/data-health-words';
import { useWords } from '../../i18n/t';
import { decimalsFor, formatNumber, formatQuantity } from '../../lib/format';
import { formatAge } from '../../lib/time';
import { useConnection, useLiveStore } from '../../live/use-live';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { StatusMark } from '../../ui/status-mark';
import css from './flow.module.css';
import { machinesIn, type StageName, stages, waitingRecords } from './stages';

/** The way of a reading, box by box. Grey while it flows; a stage that is sick says what is wrong. */
export function Flow({ health, staleNote }: { health: DataHealth; staleNote: string | null }) {
  const words = useDataHealthWords();
  const store = useLiveStore();
  const facts = useFacts(health);
  const shown = stages(health, store.isCut());
  const sick = shown.filter(({ fault }) => fault !== null).length;
  return (
    <Panel title={words.flow} staleNote={staleNote}>
      <p className={page['sentence']}>{sick === 0 ? words.flowFine : words.flowSick(sick)}</p>
      <ol className={css['flow']}>
        {shown.map(({ name, fault }) => (
          <li key={name} className={`${css['stage']} ${fault === null ? '' : css['sick']}`}>
            <h3>{words[name]}</h3>
            {fault !== null && (
              <p className={css['fault']}>
                <StatusMark kind="p1" size={18} />
                {words.faults[fault]}
              </p>
            )}
            <ul>
              {facts[name].map((fact) => (
                <li key={fact}>{fact}</li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function useFacts(health: DataHealth): Readonly<Record<StageName, readonly string[]>> {
  const { t, lang } = useWords();
  const words = useDataHealthWords();
  const { connection } = useConnection();
  const count = (value: number) => formatNumber(value, 0, lang);
  const { machines, latency, rates, backlog } = health;
  const silent = machines.stale + machines.offline;
  const waiting = waitingRecords(health);
  const gateway = [
    words.stored(formatNumber(rates.one_minute, 1, lang)),
    backlog.as_of === null ? words.notLooked : words.waiting(count(waiting)),
  ];
  if (waiting > 0) gateway.push(words.oldest(formatAge(backlog.oldest_age_s, lang)));
  const reporting = [words.reporting(count(machines.live + machines.cannot_judge), count(machinesIn(health)))];
  if (silent > 0) reporting.push(words.silentNow(count(silent)));
  if (machines.cannot_judge > 0) reporting.push(words.cannotJudgeNow(count(machines.cannot_judge)));
  const p95 = latency.p95_s;
  return {
    machines: reporting,
    journey: [
      p95 === null ? words.noReadings : words.accepted(formatQuantity(p95, 's', Math.min(2, decimalsFor(p95)), lang)),
    ],
    gateway,
    screen: [
      connection.state === 'live'
        ? t.connection.live(formatAge(connection.ageS, lang))
        : connection.state === 'reconnecting'
          ? t.connection.reconnecting(formatAge(connection.ageS, lang))
          : connection.state === 'offline'
            ? t.connection.offline(null)
            : t.connection.connecting,
    ],
  };
}
