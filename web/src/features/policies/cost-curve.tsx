import { useId, useState } from 'react';
import type { Point, ThresholdChoice } from '../../api/types';
import { useConditionTitle } from '../../charts/use-condition-title';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatMoney, formatNumber } from '../../lib/format';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/data-table';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { TwinButton } from '../../ui/twin-button';
import css from './cost-curve.module.css';
import { CurvePicture } from './curve-picture';
import { useThreshold } from './queries';

/** The threshold above which there is no alarm at all. */
const CERTAIN = 1;

interface Props {
  equipment: string;
  conditions: readonly string[];
  onTake: (condition: string, threshold: number) => void;
}

/** What every threshold of one condition would have cost, and the cheapest that a shift can take. */
export function CostCurve({ equipment, conditions, onTake }: Props) {
  const words = usePolicyWords().policies;
  const titled = useConditionTitle(equipment);
  const id = useId();
  const [chosen, setChosen] = useState(conditions[0] ?? '');
  const query = useThreshold(equipment, chosen);
  return (
    <Panel
      title={words.curve}
      aside={
        <span className={css['choose']}>
          <label htmlFor={id}>{words.curveOf}</label>
          <select id={id} value={chosen} onChange={(event) => setChosen(event.target.value)}>
            {conditions.map((name) => (
              <option key={name} value={name}>
                {titled(name)}
              </option>
            ))}
          </select>
        </span>
      }
    >
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && query.data === undefined && <Skeleton lines={6} />}
      {query.data !== undefined && (
        <Choice choice={query.data} title={titled(chosen)} onTake={(threshold) => onTake(chosen, threshold)} />
      )}
    </Panel>
  );
}

interface ChoiceProps {
  choice: ThresholdChoice;
  title: string;
  onTake: (threshold: number) => void;
}

function Choice({ choice, title, onTake }: ChoiceProps) {
  const { lang } = useWords();
  const words = usePolicyWords().policies;
  const [isTable, setTable] = useState(false);
  const { basis, curve, present, chosen, currency } = choice;
  if (basis === 'none') return <Notice title={words.basis.none} />;
  const count = (value: number) => formatNumber(value, 0, lang);
  const threshold = ({ threshold: at }: Point) => (at > CERTAIN ? words.never : formatNumber(at, 2, lang));
  const both = [
    { name: words.present, point: present },
    { name: words.cheapest, point: chosen },
  ].flatMap(({ name, point }) => (point === null ? [] : [{ name, point }]));
  const columns = [
    { title: words.alarms, isNumber: true, cell: (point: Point) => count(point.alarms) },
    { title: words.hits, isNumber: true, cell: (point: Point) => count(point.hits) },
    { title: words.missed, isNumber: true, cell: (point: Point) => count(point.missed) },
    { title: words.bill, isNumber: true, cell: (point: Point) => formatMoney(point.bill, currency, lang) },
    { title: words.inBudget, cell: ({ within_budget }: Point) => (within_budget ? words.yes : words.no) },
  ];
  return (
    <div className={page['page']}>
      <p>
        {words.basis[basis]} {words.episodes(count(choice.episodes), count(choice.failures))}.
      </p>
      {isTable ? (
        <DataTable
          label={words.curve}
          rows={curve}
          keyOf={(point) => String(point.threshold)}
          columns={[{ title: words.threshold, cell: threshold }, ...columns]}
        />
      ) : (
        <CurvePicture choice={choice} title={title} />
      )}
      <DataTable
        label={title}
        rows={both}
        keyOf={({ name }) => name}
        columns={[
          { title: '', cell: ({ name }) => name },
          { title: words.threshold, isNumber: true, cell: ({ point }) => threshold(point) },
          ...columns.map(({ cell, ...column }) => ({
            ...column,
            cell: ({ point }: (typeof both)[number]) => cell(point),
          })),
        ]}
      />
      <div className={css['actions']}>
        {chosen !== null && chosen.threshold <= CERTAIN && chosen.threshold !== present?.threshold && (
          <Button onClick={() => onTake(chosen.threshold)}>{words.take(threshold(chosen))}</Button>
        )}
        <TwinButton isTable={isTable} onChange={setTable} />
      </div>
    </div>
  );
}
