import type { ModeSpec } from '../../api/reading-schema';
import { titleOf, useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { DataTable } from '../../ui/data-table';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import type { ModelCard } from './model-card';

/** Below this many failures a share says little. */
const FEW = 30;

/** Of the failures of each mode, how many were found, with their counts. */
export function ModeTable({ card, modes }: { card: ModelCard; modes: readonly ModeSpec[] }) {
  const { t, lang } = useWords();
  const count = (value: number) => formatNumber(value, 0, lang);
  const { right, all } = card.rightMode;
  return (
    <Panel title={t.model.modes}>
      <DataTable
        label={t.model.modes}
        rows={card.modes}
        keyOf={({ mode }) => mode}
        columns={[
          {
            title: t.model.mode,
            cell: ({ mode }) => titleOf(t, mode, modes.find(({ name }) => name === mode)?.title),
          },
          { title: t.model.failures, isNumber: true, cell: ({ failures }) => count(failures) },
          { title: t.model.found, isNumber: true, cell: ({ found }) => count(found) },
          {
            title: t.model.share,
            isNumber: true,
            cell: ({ failures, found }) => (
              <>
                {failures === 0 ? '–' : formatProbability(found / failures, lang)}
                {failures < FEW && ` · ${t.model.fewCases}`}
              </>
            ),
          },
        ]}
      />
      <p className={page['note']}>{t.model.rightMode(count(right), count(all))}</p>
    </Panel>
  );
}
