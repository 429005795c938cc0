import { lazy, Suspense, useState } from 'react';
import { Link, useParams } from 'wouter';
import { useMachineAlarms } from '../../alarms/queries';
import { useAlarmKeys } from '../../alarms/use-alarm-keys';
import { ApiError } from '../../api/errors';
import type { ReadingSchema } from '../../api/reading-schema';
import type { AlarmItem, Assessment } from '../../api/types';
import { Contributions } from '../../charts/contributions';
import { LimitBars } from '../../charts/limit-bars';
import { ModeBars } from '../../charts/mode-bars';
import { ModeDetail } from '../../charts/mode-detail';
import { topMode, Verdict } from '../../charts/verdict';
import { useWords } from '../../i18n/t';
import { painted } from '../../lib/painted';
import { formatAge, formatClock } from '../../lib/time';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { AlarmPanel } from './alarm-panel';
import { MachineHead } from './machine-head';
import css from './machine-page.module.css';
import { StateNotices } from './state-notices';
import { firstOfMachine, useMachine } from './use-machine';

export const first = firstOfMachine;

const NO_ALARMS: readonly AlarmItem[] = [];
// They stand below what is asked first, and are much: they may come when that is painted.
const Trends = lazy(() => painted().then(() => import('./trends')));

/** Why, and how long have I got? */
export default function MachinePage() {
  const { t, lang } = useWords();
  const { id = '' } = useParams();
  const { store, detail, schema, assessment } = useMachine(decodeURIComponent(id));
  const alarms = useMachineAlarms(decodeURIComponent(id));
  const known = alarms.data?.alarms ?? NO_ALARMS;
  useAlarmKeys(known, true);
  const error = detail.error ?? schema.error;
  if (detail.error instanceof ApiError && detail.error.status === 404) return <Unknown id={id} error={detail.error} />;
  if (detail.data === undefined || schema.data === undefined) {
    return error === null ? (
      <Skeleton lines={10} />
    ) : (
      <Failure error={error} onRetry={() => void Promise.all([detail.refetch(), schema.refetch()])} />
    );
  }
  const machine = detail.data;
  const isStale = machine.state !== 'live' || store.isCut();
  const staleNote = isStale && assessment !== null ? asOf(assessment, store.now()) : null;
  // What waits for somebody stands before the pictures; what is over, behind them.
  const hasOpen = known.some(({ is_open }) => is_open);
  const alarmPanel = (
    <AlarmPanel
      machine={machine.machine_id}
      equipment={machine.equipment}
      alarms={alarms.data?.alarms}
      error={alarms.error}
      onRetry={() => void alarms.refetch()}
      nowMs={store.now()}
      staleNote={store.isCut() ? staleNote : null}
    />
  );
  return (
    <div className={css['page']}>
      <MachineHead machine={machine} assessment={assessment} nowMs={store.now()} />
      <StateNotices machine={machine} assessment={assessment} signals={schema.data.signals} />
      {assessment === null ? (
        <Notice title={t.machine.neverSeen} />
      ) : (
        <>
          {hasOpen && alarmPanel}
          <Pictures assessment={assessment} schema={schema.data} staleNote={staleNote} />
          <Suspense fallback={<Skeleton lines={8} />}>
            <Trends id={machine.machine_id} schema={schema.data} assessment={assessment} alarms={known} />
          </Suspense>
          {!hasOpen && alarmPanel}
        </>
      )}
    </div>
  );

  function asOf({ observed_at }: Assessment, nowMs: number): string {
    const observedAt = Date.parse(observed_at);
    return t.panel.asOf(formatClock(observedAt), formatAge((nowMs - observedAt) / 1000, lang));
  }
}

function Pictures({
  assessment,
  schema,
  staleNote,
}: {
  assessment: Assessment;
  schema: ReadingSchema;
  staleNote: string | null;
}) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const selected = chosen ?? topMode(assessment);
  const { modes, features, signals } = schema;
  return (
    <div className={css['pictures']}>
      <Panel title={t.machine.judgement} staleNote={staleNote} className={css['verdict']}>
        <Verdict assessment={assessment} modes={modes} />
      </Panel>
      <Panel title={t.machine.modes} staleNote={staleNote}>
        <ModeBars assessment={assessment} modes={modes} selected={selected} onSelect={setChosen} />
        <ModeDetail mode={modes.find((mode) => mode.name === selected)} />
      </Panel>
      <Panel title={t.machine.why} staleNote={staleNote}>
        <Contributions assessment={assessment} features={features} signals={signals} />
      </Panel>
      <Panel title={t.machine.limits} staleNote={staleNote}>
        <LimitBars assessment={assessment} modes={modes} />
      </Panel>
    </div>
  );
}

function Unknown({ id, error }: { id: string; error: ApiError }) {
  const { t } = useWords();
  return (
    <Notice title={t.machine.unknown(id)}>
      <p>{error.message}</p>
      <Link href="/">{t.panel.backToFleet}</Link>
    </Notice>
  );
}
