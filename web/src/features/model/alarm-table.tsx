import { useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { DataTable } from '../../ui/data-table';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import type { AlarmCounts, ModelCard } from './model-card';

/** The model beside the published rules and beside two that need no machine at all. */
export function AlarmTable({ card }: { card: ModelCard }) {
  const { t, lang } = useWords();
  const count = (value: number) => formatNumber(value, 0, lang);
  const rows: readonly { readonly who: string; readonly counts: AlarmCounts }[] = [
    { who: t.model.itself, counts: card.model },
    { who: t.model.rules, counts: card.rules },
    { who: t.model.never, counts: card.never },
    { who: t.model.always, counts: card.always },
  ];
  const { found, recall, falseAlarms, alarms } = card.model;
  const titles = t.model.columns;
  return (
    <Panel title={t.model.alarms}>
      <p className={page['sentence']}>
        {t.model.summary(
          count(found),
          count(card.failures),
          formatProbability(recall, lang),
          count(falseAlarms),
          count(alarms),
        )}
      </p>
      <DataTable
        label={t.model.alarms}
        rows={rows}
        keyOf={({ who }) => who}
        columns={[
          { title: t.model.who, cell: ({ who }) => who },
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
        {t.model.checkedOn(card.method)} {t.model.mccHint}
      </p>
    </Panel>
  );
}
