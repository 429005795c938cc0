import { useModelWords } from '../../i18n/model-words';
import { useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { DataTable } from '../../ui/data-table';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import type { AlarmCounts, ModelCard } from './model-card';

/** The model beside the published rules and beside two that need no machine at all. */
export function AlarmTable({ card }: { card: ModelCard }) {
  const { lang } = useWords();
  const words = useModelWords();
  const count = (value: number) => formatNumber(value, 0, lang);
  const rows: readonly { readonly who: string; readonly counts: AlarmCounts }[] = [
    { who: words.itself, counts: card.model },
    { who: words.rules, counts: card.rules },
    { who: words.never, counts: card.never },
    { who: words.always, counts: card.always },
  ];
  const { found, recall, falseAlarms, alarms } = card.model;
  const titles = words.columns;
  return (
    <Panel title={words.alarms}>
      <p className={page['sentence']}>
        {words.summary(
          count(found),
          count(card.failures),
          formatProbability(recall, lang),
          count(falseAlarms),
          count(alarms),
        )}
      </p>
      <DataTable
        label={words.alarms}
        rows={rows}
        keyOf={({ who }) => who}
        columns={[
          { title: words.who, cell: ({ who }) => who },
          ...(['alarms', 'found', 'missed', 'falseAlarms'] as const).map((key) => ({
            title: titles[key],
            isNumber: true,
            cell: ({ counts }: (typeof rows)[number]) => count(counts[key]),
          })),
          {
            title: titles.precision,
            isNumber: true,
            cell: ({ counts }) => (counts.alarms === 0 ? '–' : formatProbability(counts.precision, lang)),
          },
          { title: titles.recall, isNumber: true, cell: ({ counts }) => formatProbability(counts.recall, lang) },
          { title: titles.mcc, isNumber: true, cell: ({ counts }) => formatNumber(counts.mcc, 2, lang) },
        ]}
      />
      <p className={page['note']}>
        {words.checkedOn(card.method)} {words.mccHint}
      </p>
    </Panel>
  );
}
