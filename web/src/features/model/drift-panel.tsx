import { useState } from 'react';
import type { SignalSpec } from '../../api/reading-schema';
import { useModelWords } from '../../i18n/model-words';
import { titleOf, useWords } from '../../i18n/t';
import { formatNumber, formatProbability, formatQuantity } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { DataTable } from '../../ui/data-table';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { TwinButton } from '../../ui/twin-button';
import { type Drift, drifts, LEAST_READINGS, PSI_LINES } from './drift';
import css from './drift-panel.module.css';
import type { ModelCard } from './model-card';
import { useRecentSignals } from './queries';

const [WIDTH, HEIGHT] = [200, 64];
/** Where the bar of the index ends; what is beyond fills it. */
const PSI_MOST = 0.4;

interface Props {
  card: ModelCard;
  equipment: string;
  signals: readonly SignalSpec[];
}

/** Whether the readings still look like those that the model has learnt from. */
export function DriftPanel({ card, equipment, signals }: Props) {
  const { t, lang } = useWords();
  const words = useModelWords();
  const query = useRecentSignals(equipment);
  const [isTable, setTable] = useState(false);
  const recent = query.data;
  const count = (value: number) => formatNumber(value, 0, lang);
  const isEnough = recent !== undefined && recent.readings >= LEAST_READINGS;
  const found = isEnough ? drifts(card.references, recent.signals) : [];
  const drifting = found.filter(({ level }) => level === 'drifting');
  const title = (name: string) => titleOf(t, name, signals.find((one) => one.name === name)?.title);
  return (
    <Panel title={words.drift} aside={isEnough && <TwinButton isTable={isTable} onChange={setTable} />}>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && recent === undefined && <Skeleton lines={6} />}
      {recent !== undefined && !isEnough && (
        <Notice title={words.tooFew(count(recent.readings), count(LEAST_READINGS))}>
          <p>{words.tooFewHint}</p>
        </Notice>
      )}
      {isEnough && (
        <>
          <p className={page['sentence']}>
            {drifting.length === 0
              ? words.noDrift
              : words.drifted(drifting.map(({ signal }) => title(signal)).join(', '), drifting.length)}
          </p>
          {isTable ? (
            <DriftTable drifts={found} title={title} />
          ) : (
            <ul className={css['multiples']}>
              {found.map((drift) => (
                <li key={drift.signal}>
                  <SignalDrift
                    drift={drift}
                    title={title(drift.signal)}
                    spec={signals.find(({ name }) => name === drift.signal)}
                  />
                </li>
              ))}
            </ul>
          )}
          <p className={page['note']}>
            {words.driftHint(
              count(recent.readings),
              formatDateTime(Date.parse(recent.from), lang),
              count(card.data.rows),
            )}
          </p>
        </>
      )}
    </Panel>
  );
}

function DriftTable({ drifts: all, title }: { drifts: readonly Drift[]; title: (name: string) => string }) {
  const { lang } = useWords();
  const words = useModelWords();
  return (
    <DataTable
      label={words.drift}
      rows={all}
      keyOf={({ signal }) => signal}
      columns={[
        { title: words.signal, cell: ({ signal }) => title(signal) },
        { title: words.psi, isNumber: true, cell: ({ psi }) => formatNumber(psi, 2, lang) },
        { title: words.verdict, cell: ({ level }) => words.levels[level] },
        { title: words.outside, isNumber: true, cell: ({ outside }) => formatProbability(outside, lang) },
      ]}
    />
  );
}

/** Training as a grey area, the last readings as a line over it, and the index as a bar with its two lines. */
function SignalDrift({ drift, title, spec }: { drift: Drift; title: string; spec: SignalSpec | undefined }) {
  const { lang } = useWords();
  const words = useModelWords();
  const { psi, level, edges, trained, now, outside } = drift;
  const most = Math.max(...trained, ...now);
  const unit = spec?.unit ?? '';
  const at = (value: number | undefined) => formatQuantity(value ?? 0, unit, spec?.decimals ?? 1, lang);
  const index = formatNumber(psi, 2, lang);
  const steps = (shares: readonly number[]) =>
    shares
      .map((share, place) => {
        const y = ((1 - share / most) * HEIGHT).toFixed(1);
        const x = (edge: number) => ((edge / shares.length) * WIDTH).toFixed(1);
        return `L${x(place)} ${y}L${x(place + 1)} ${y}`;
      })
      .join('');
  const percent = (value: number) => `${(Math.min(1, value / PSI_MOST) * 100).toFixed(1)}%`;
  return (
    <>
      <h3 className={css['title']}>{title}</h3>
      <svg
        className={css['picture']}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.driftLabel(title, at(edges[0]), at(edges.at(-1)), index)}
      >
        <path className={css['trained']} d={`M0 ${HEIGHT}${steps(trained)}L${WIDTH} ${HEIGHT}Z`} />
        <path className={css['now']} d={`M0 ${HEIGHT}${steps(now)}L${WIDTH} ${HEIGHT}`} />
      </svg>
      <p className={css['axis']} aria-hidden="true">
        <span>{at(edges[0])}</span>
        <span>{at(edges.at(-1))}</span>
      </p>
      <div className={css['track']} aria-hidden="true">
        <span className={css['fill']} data-level={level} style={{ width: percent(psi) }} />
        {PSI_LINES.map((line) => (
          <span key={line} className={css['line']} style={{ left: percent(line) }} />
        ))}
      </div>
      <p className={css['index']} data-level={level}>
        {words.psi} {index} · {words.levels[level]}
        {outside >= 0.005 && ` · ${words.outsideShare(formatProbability(outside, lang))}`}
      </p>
    </>
  );
}
