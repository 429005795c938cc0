import type { SignalSpec } from '../api/reading-schema';
import type { Assessment } from '../api/types';
import { titleOf, useWords } from '../i18n/t';
import { formatNumber, formatQuantity } from '../lib/format';
import { Notice } from '../ui/notice';

/** Says which values lie outside of what the model was trained on; nothing when all lie inside. */
export function OutsideNotice({ assessment, signals }: { assessment: Assessment; signals: readonly SignalSpec[] }) {
  const { t, lang } = useWords();
  if (assessment.status !== 'outside_training_data') return null;
  return (
    <Notice title={t.machine.outside} tone="warn">
      <ul>
        {assessment.outside.map(({ signal, value, low, high }) => {
          const spec = signals.find((one) => one.name === signal);
          const decimals = spec?.decimals ?? 1;
          return (
            <li key={signal}>
              {titleOf(t, signal, spec?.title)} {formatQuantity(value, spec?.unit ?? '', decimals, lang)} (
              {formatNumber(low, decimals, lang)}–{formatNumber(high, decimals, lang)})
            </li>
          );
        })}
      </ul>
      <p>{t.machine.outsideHint}</p>
    </Notice>
  );
}
