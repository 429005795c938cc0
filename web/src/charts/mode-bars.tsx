import type { ModeSpec } from '../api/reading-schema';
import type { Assessment } from '../api/types';
import { titleOf, useWords } from '../i18n/t';
import { formatProbability } from '../lib/format';
import { StatusMark } from '../ui/status-mark';
import css from './bars.module.css';

const MARKS = { 1: 'p1', 2: 'p2', 3: 'p3' } as const;

interface Props {
  assessment: Assessment;
  modes: readonly ModeSpec[];
  selected: string | null;
  onSelect: (mode: string) => void;
}

/** One bar per failure mode with the alarm threshold as a tick; choosing one tells more about it. */
export function ModeBars({ assessment, modes, selected, onSelect }: Props) {
  const { t, lang } = useWords();
  const threshold = assessment.thresholds.failure;
  return (
    <ul className={css['list']} aria-label={t.machine.modesLabel}>
      {modes
        .filter(({ name }) => name in assessment.modes)
        .map(({ name, title, priority }) => {
          const probability = assessment.modes[name] ?? 0;
          const mark = probability >= threshold ? MARKS[priority] : null;
          return (
            <li key={name}>
              <button
                type="button"
                className={css['mode']}
                aria-pressed={name === selected}
                onClick={() => onSelect(name)}
              >
                <span className={css['name']}>
                  {titleOf(t, name, title)}
                  <small>{name}</small>
                </span>
                <span className={css['value']}>
                  {mark !== null && <StatusMark kind={mark} label={t.mark[mark]} size={18} />}
                  {formatProbability(probability, lang)}
                </span>
                <span className={css['track']}>
                  <span
                    className={css['fill']}
                    data-mark={mark ?? undefined}
                    style={{ width: `${probability * 100}%` }}
                  />
                  <span className={css['tick']} style={{ left: `${threshold * 100}%` }} />
                </span>
              </button>
            </li>
          );
        })}
    </ul>
  );
}
