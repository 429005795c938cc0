import type { ModeSpec } from '../api/reading-schema';
import type { Assessment } from '../api/types';
import { titleOf, useWords } from '../i18n/t';
import { decimalsFor, formatNumber, formatProbability, formatQuantity } from '../lib/format';
import { StatusMark } from '../ui/status-mark';
import { nextLimit } from './limits';
import css from './verdict.module.css';

const MARKS = { 1: 'p1', 2: 'p2', 3: 'p3' } as const;

/** The failure mode with the highest probability; null when all are nearly zero. */
export function topMode(assessment: Assessment): string | null {
  const [best] = Object.entries(assessment.modes).sort(([, a], [, b]) => b - a);
  return best !== undefined && best[1] >= 0.005 ? best[0] : null;
}

/** The judgement in large: probability against its threshold, what is predicted, how unusual the reading is. */
export function Verdict({ assessment, modes }: { assessment: Assessment; modes: readonly ModeSpec[] }) {
  const { t, lang } = useWords();
  const { failure_probability: probability, anomaly_score: score, thresholds } = assessment;
  const mode = modes.find(({ name }) => name === topMode(assessment));
  const mark = assessment.prediction === 1 ? MARKS[mode?.priority ?? 1] : null;
  const next = nextLimit(assessment.rules, assessment.signals);
  const threshold = formatProbability(thresholds.failure, lang);
  return (
    <div className={css['verdict']}>
      <div className={css['main']}>
        <p className={css['label']}>{t.machine.probability}</p>
        <p className={css['figure']}>{formatProbability(probability, lang)}</p>
        <div className={css['track']} aria-hidden="true">
          <span className={css['fill']} data-mark={mark ?? undefined} style={{ width: `${probability * 100}%` }} />
          <span className={css['tick']} style={{ left: `${thresholds.failure * 100}%` }} />
        </div>
        <p className={css['label']}>{t.machine.threshold(threshold)}</p>
      </div>
      <ul className={css['claims']}>
        <li>
          {mark !== null && <StatusMark kind={mark} size={26} />}
          <span>
            <strong>{assessment.prediction === 1 ? t.machine.willFail : t.machine.noFailure}</strong>
            {assessment.prediction === 1 && mode !== undefined && <small>{titleOf(t, mode.name, mode.title)}</small>}
          </span>
        </li>
        <li>
          {assessment.anomaly && <StatusMark kind="anomaly" size={26} />}
          <span>
            <strong>{assessment.anomaly ? t.machine.unusual : t.machine.usual}</strong>
            <small>
              {t.machine.anomalyScore} {formatNumber(score, 2, lang)} ·{' '}
              {t.machine.threshold(formatNumber(thresholds.anomaly, 2, lang))}
            </small>
          </span>
        </li>
        {next !== null && (
          <li>
            <span>
              <strong>{t.machine.timeLeft(formatNumber(Math.floor(next.minutes), 0, lang))}</strong>
              <small>
                {titleOf(t, next.rule.name)} ·{' '}
                {t.machine.most(formatQuantity(next.rule.limit, next.rule.unit, decimalsFor(next.rule.limit), lang))}
              </small>
            </span>
          </li>
        )}
      </ul>
      {assessment.prediction === 1 && mode !== undefined && (
        <div className={css['act']}>
          <p className={css['label']}>{t.machine.whatToDo}</p>
          <ul>
            {mode.act.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
