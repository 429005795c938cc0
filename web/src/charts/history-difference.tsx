import type { HistoryDifference, ModeDifference } from '../api/types';
import { usePolicyWords } from '../i18n/policy-words';
import { useWords } from '../i18n/t';
import { formatMoney, formatNumber } from '../lib/format';
import { DataTable } from '../ui/data-table';
import page from '../ui/page.module.css';
import { ChangedAlarms } from './changed-alarms';
import { useConditionTitle } from './use-condition-title';

interface Props {
  equipment: string;
  difference: HistoryDifference;
  modes: readonly ModeDifference[];
  failures: number;
  currency: string;
}

/** What a second history of the same machines and time has over the first: in a sentence, in money, and alarm by alarm. */
export function HistoryDifferenceView({ equipment, difference, modes, failures, currency }: Props) {
  const { lang } = useWords();
  const titled = useConditionTitle(equipment);
  const words = usePolicyWords().difference;
  const count = (value: number) => formatNumber(value, 0, lang);
  const money = (value: number) => formatMoney(value, currency, lang);
  const { same, moved, gained, lost, lost_confirmed: confirmed, dearer } = difference;
  const bills = [
    { name: words.old, bill: difference.old_bill },
    { name: words.fresh, bill: difference.new_bill },
  ];
  const costs = dearer === 0 ? words.equal : dearer < 0 ? words.saves(money(-dearer)) : words.costs(money(dearer));
  return (
    <div className={page['page']}>
      <div>
        <p className={page['sentence']}>
          {gained + lost + moved === 0 ? words.unchanged : words.changes(count(gained), count(lost))} {costs}
        </p>
        <p>
          {words.same(count(same + moved), count(moved))}
          {confirmed > 0 && ` ${words.confirmedLost(confirmed, count(confirmed))}`}
        </p>
        <p className={page['note']}>{failures === 0 ? words.noFailures : words.failures(failures, count(failures))}</p>
      </div>
      <DataTable
        label={words.bills}
        rows={bills}
        keyOf={({ name }) => name}
        columns={[
          { title: words.which, cell: ({ name }) => name },
          { title: words.visits, isNumber: true, cell: ({ bill }) => count(bill.visits) },
          { title: words.warned, isNumber: true, cell: ({ bill }) => count(bill.warned) },
          { title: words.missed, isNumber: true, cell: ({ bill }) => count(bill.missed) },
          { title: words.busiest, isNumber: true, cell: ({ bill }) => count(bill.busiest) },
          { title: words.money, isNumber: true, cell: ({ bill }) => money(bill.money) },
        ]}
      />
      <DataTable
        label={words.byCondition}
        rows={modes}
        keyOf={({ mode }) => mode}
        columns={[
          { title: words.condition, cell: ({ mode }) => titled(mode) },
          ...(
            [
              ['same', words.stay],
              ['moved', words.move],
              ['gained', words.come],
              ['lost', words.go],
            ] as const
          ).map(([key, title]) => ({ title, isNumber: true, cell: (row: ModeDifference) => count(row[key]) })),
          { title: words.dearer, isNumber: true, cell: (row) => money(row.dearer) },
        ]}
      />
      <ChangedAlarms difference={difference} titled={titled} />
    </div>
  );
}
