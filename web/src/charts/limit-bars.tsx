import type { ModeSpec } from '../api/reading-schema';
import type { Assessment, RuleResult } from '../api/types';
import type { Dictionary } from '../i18n/en';
import { titleOf, useWords } from '../i18n/t';
import { decimalsFor, formatNumber, formatQuantity, type Lang } from '../lib/format';
import { StatusMark } from '../ui/status-mark';
import css from './bars.module.css';
import { isBeyond, limitBar, minutesLeft } from './limits';

const MARKS = { 1: 'p1', 2: 'p2', 3: 'p3' } as const;

/** The published limits of the equipment beside the model: value, limit, and how long there is left. */
export function LimitBars({ assessment, modes }: { assessment: Assessment; modes: readonly ModeSpec[] }) {
  const { t, lang } = useWords();
  return (
    <ul>
      {assessment.rules.map((rule) => {
        const bar = limitBar(rule);
        const priority = modes.find((mode) => mode.name === rule.mode)?.priority ?? 1;
        const mark = rule.fired ? MARKS[priority] : null;
        const decimals = decimalsFor(rule.limit);
        const limit = formatQuantity(rule.limit, rule.unit, decimals, lang);
        const text = note(rule, assessment.signals, t, lang);
        return (
          <li key={rule.name} className={css['limit']}>
            <span className={css['name']}>
              {titleOf(t, rule.name)}
              <small>{rule.mode}</small>
            </span>
            <span className={css['value']}>
              {mark !== null && <StatusMark kind={mark} label={t.machine.fired} size={18} />}
              {formatNumber(rule.value, decimals, lang)}
              <small>{rule.bound === 'above' ? t.machine.most(limit) : t.machine.least(limit)}</small>
            </span>
            <span className={css['track']}>
              <span className={css['fill']} data-mark={mark ?? undefined} style={{ width: `${bar.value * 100}%` }} />
              <span className={css['tick']} style={{ left: `${bar.limit * 100}%` }} />
            </span>
            {text !== '' && <span className={css['note']}>{text}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function note(rule: RuleResult, signals: Readonly<Record<string, number>>, t: Dictionary, lang: Lang): string {
  if (rule.fired) return t.machine.fired;
  if (isBeyond(rule)) return t.machine.otherCondition;
  const minutes = minutesLeft(rule, signals);
  return minutes === null ? '' : t.machine.minutesLeft(formatNumber(Math.floor(minutes), 0, lang));
}
