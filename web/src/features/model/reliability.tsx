import { useState } from 'react';
import { useModelWords } from '../../i18n/model-words';
import { useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { DataTable } from '../../ui/data-table';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { TwinButton } from '../../ui/twin-button';
import type { ReliabilityBin } from './model-card';
import css from './reliability.module.css';

const SIZE = 240;
const FEW = 30;

/** What it predicted against what happened, in tenths of the probability. */
export function Reliability({ bins }: { bins: readonly ReliabilityBin[] }) {
  const { lang } = useWords();
  const words = useModelWords();
  const [isTable, setTable] = useState(false);
  const filled = bins.filter(({ rows }) => rows > 0);
  const percent = (share: number) => formatProbability(share, lang);
  const spoken = filled.map(({ predicted, happened }) => `${percent(predicted)}: ${percent(happened)}`).join(', ');
  return (
    <Panel title={words.reliability} aside={<TwinButton isTable={isTable} onChange={setTable} />}>
      {isTable ? (
        <DataTable
          label={words.reliability}
          rows={filled}
          keyOf={({ low }) => String(low)}
          columns={[
            { title: words.predicted, cell: ({ low, high }) => words.pointsTo(percent(low), percent(high)) },
            { title: words.happened, isNumber: true, cell: ({ happened }) => percent(happened) },
            { title: words.readings, isNumber: true, cell: ({ rows }) => formatNumber(rows, 0, lang) },
          ]}
        />
      ) : (
        <Curve bins={filled} label={words.reliabilityLabel(spoken)} />
      )}
      <p className={page['note']}>{words.reliabilityHint}</p>
    </Panel>
  );
}

function Curve({ bins, label }: { bins: readonly ReliabilityBin[]; label: string }) {
  const { lang } = useWords();
  const words = useModelWords();
  const x = (share: number) => share * SIZE;
  const y = (share: number) => (1 - share) * SIZE;
  const line = bins.map(({ predicted, happened }) => `${x(predicted)},${y(happened)}`).join(' ');
  return (
    <div className={css['frame']}>
      <span className={css['happened']} aria-hidden="true">
        {words.happened}
      </span>
      <svg viewBox={`-40 -8 ${SIZE + 58} ${SIZE + 32}`} className={css['plot']} role="img" aria-label={label}>
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <g key={share} className={css['grid']}>
            <line x1={0} x2={SIZE} y1={y(share)} y2={y(share)} />
            <text x={-6} y={y(share) + 4} textAnchor="end">
              {formatProbability(share, lang)}
            </text>
            <text x={x(share)} y={SIZE + 18} textAnchor="middle">
              {formatProbability(share, lang)}
            </text>
          </g>
        ))}
        <line className={css['honest']} x1={0} y1={SIZE} x2={SIZE} y2={0} />
        <polyline className={css['line']} points={line} />
        {bins.map(({ low, rows, predicted, happened }) => (
          <circle
            key={low}
            className={rows < FEW ? css['few'] : css['many']}
            cx={x(predicted)}
            cy={y(happened)}
            r={4.5}
          />
        ))}
      </svg>
      <span className={css['predicted']} aria-hidden="true">
        {words.predicted}
      </span>
    </div>
  );
}
