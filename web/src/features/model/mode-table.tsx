import type { ModeSpec } from '../../api/reading-schema';
import { useModelWords } from '../../i18n/model-words';
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
  const words = useModelWords();
  const count = (value: number) => formatNumber(value, 0, lang);
  const { right, all } = card.rightMode;
  return (
    <Panel title={words.modes}>
      <DataTable
        label={words.modes}
        rows={card.modes}
        keyOf={({ mode }) => mode}
        columns={[
          {
            title: words.mode,
            cell: ({ mode }) => titleOf(t, mode, modes.find(({ name }) => name === mode)?.title),
          },
          { title: words.failures, isNumber: true, cell: ({ failures }) => count(failures) },
          { title: words.found, isNumber: true, cell: ({ found }) => count(found) },
          {
            title: words.share,
            isNumber: true,
            cell: ({ failures, found }) => (
              <>
                {failures === 0 ? '–' : formatProbability(found / failures, lang)}
                {failures < FEW && ` · ${words.fewCases}`}
              </>
            ),
          },
        ]}
      />
      <p className={page['note']}>{words.rightMode(count(right), count(all))}</p>
    </Panel>
  );
}
