import { useMemo, useState } from 'react';
import { alarmMark } from '../../alarms/alarm-state';
import type { ReadingSchema } from '../../api/reading-schema';
import type { AlarmItem, Assessment } from '../../api/types';
import type { AlarmPeriod } from '../../charts/alarm-periods';
import { EnvelopePanel } from '../../charts/envelope-panel';
import { gapLimitMs, PROBABILITY } from '../../charts/history';
import { titleOf, useWords } from '../../i18n/t';
import { formatNumber, formatProbability, formatQuantity } from '../../lib/format';
import { MARKS } from '../../lib/marks';
import { choiceOf, useUrlState } from '../../lib/url-state';
import { useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import { Choice } from '../../ui/choice';
import { Failure } from '../../ui/failure';
import { Icon } from '../../ui/icon';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { TwinButton } from '../../ui/twin-button';
import { TrendRows, type TrendSpec } from './trend-rows';
import { TrendTable } from './trend-table';
import css from './trends.module.css';
import { MAX_POINTS, RANGE_MS, RANGES, useHistory } from './use-history';

interface Props {
  id: string;
  schema: ReadingSchema;
  assessment: Assessment;
  alarms: readonly AlarmItem[];
}

/** The failure probability and every signal over one time axis; live until paused or zoomed. */
export default function Trends({ id, schema, assessment, alarms }: Props) {
  const { t } = useWords();
  const store = useLiveStore();
  const [url, setUrl] = useUrlState();
  const range = choiceOf(url.get('range'), RANGES, '10m');
  const names = useMemo(() => schema.signals.map((signal) => signal.name), [schema]);
  const { query, history, grown } = useHistory(store, id, range, names);
  const [held, setHeld] = useState<readonly [number, number] | null>(null);
  const [isTable, setTable] = useState(false);
  const specs = useTrendSpecs(schema, assessment);
  const periods = useMemo(() => {
    const title = (mode: string) => titleOf(t, mode, schema.modes.find(({ name }) => name === mode)?.title);
    return alarms.map((alarm) => periodOf(alarm, title(alarm.mode)));
  }, [alarms, schema, t]);
  const nowMs = store.now();
  const [fromMs, toMs] = held ?? [nowMs - RANGE_MS[range], nowMs];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count stands for the buffer's content
  const drawable = useMemo(() => history?.drawable(gapLimitMs(RANGE_MS[range], MAX_POINTS)), [history, grown, range]);

  const controls = (
    <div className={css['controls']}>
      <Choice
        label={t.machine.range}
        value={range}
        options={RANGES.map((value) => ({ value, label: t.machine.ranges[value] }))}
        onChange={(next) => {
          setHeld(null);
          setUrl({ range: next === '10m' ? null : next });
        }}
      />
      <Button onClick={() => setHeld(held === null ? [fromMs, toMs] : null)}>
        <Icon name={held === null ? 'pause' : 'play'} size={15} />
        {held === null ? t.machine.pause : t.machine.resume}
      </Button>
      <TwinButton isTable={isTable} onChange={setTable} />
    </div>
  );
  return (
    <>
      {drawable !== undefined && <EnvelopePanel assessment={assessment} signals={schema.signals} drawable={drawable} />}
      <Panel title={t.machine.trends} aside={controls}>
        {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {query.error === null && drawable === undefined && <Skeleton lines={10} />}
        {drawable !== undefined && drawable.seconds.length === 0 && <Notice title={t.machine.noHistory} />}
        {drawable !== undefined && drawable.seconds.length > 0 && !isTable && (
          <TrendRows
            specs={specs}
            drawable={drawable}
            periods={periods}
            fromMs={fromMs}
            toMs={toMs}
            onZoom={(fromS, toS) => setHeld([fromS * 1000, toS * 1000])}
          />
        )}
        {drawable !== undefined && drawable.seconds.length > 0 && isTable && (
          <TrendTable specs={specs} drawable={drawable} periods={periods} />
        )}
      </Panel>
    </>
  );
}

/** When the condition of an alarm stood, and the token of its colour. */
function periodOf(alarm: AlarmItem, title: string): AlarmPeriod {
  const end = alarm.returned_at ?? alarm.ended_at;
  return {
    fromS: Date.parse(alarm.raised_at) / 1000,
    toS: end === null ? null : Date.parse(end) / 1000,
    title,
    token: MARKS[alarmMark(alarm)].fill ?? '--text',
  };
}

function useTrendSpecs(schema: ReadingSchema, assessment: Assessment): readonly TrendSpec[] {
  const { t, lang } = useWords();
  const threshold = assessment.thresholds.failure;
  return useMemo(
    () => [
      {
        name: PROBABILITY,
        title: t.machine.probability,
        signal: null,
        threshold,
        format: (value: number) => formatProbability(value, lang),
        formatTick: (value: number) => `${Math.round(value * 100)} %`,
      },
      ...schema.signals.map((signal) => ({
        name: signal.name,
        title: titleOf(t, signal.name, signal.title),
        signal,
        threshold: null,
        format: (value: number) => formatQuantity(value, signal.unit, signal.decimals, lang),
        formatTick: (value: number) => formatNumber(value, value % 1 === 0 ? 0 : 1, lang),
      })),
    ],
    [schema, t, lang, threshold],
  );
}
