import { useState } from 'react';
import type { ApiError } from '../../api/errors';
import type { ReadingSchema } from '../../api/reading-schema';
import type { Assessment } from '../../api/types';
import { Contributions } from '../../charts/contributions';
import { LimitBars } from '../../charts/limit-bars';
import { ModeBars } from '../../charts/mode-bars';
import { ModeDetail } from '../../charts/mode-detail';
import { OutsideNotice } from '../../charts/outside-notice';
import { topMode, Verdict } from '../../charts/verdict';
import { usePredictWords } from '../../i18n/predict-words';
import { useWords } from '../../i18n/t';
import { decimalsFor, formatProbability, formatQuantity } from '../../lib/format';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import css from './judgement-panel.module.css';
import type { Judgement } from './queries';

interface Props {
  schema: ReadingSchema;
  judgement: Judgement | undefined;
  /** The reading cannot be judged, and why. */
  refusal: ApiError | null;
  /** The question could not be asked. */
  failure: Error | null;
  isWaiting: boolean;
  onRetry: () => void;
}

/** The answer beside the form: a judgement with its reasons, or why there is none. */
export function JudgementPanel({ schema, judgement, refusal, failure, isWaiting, onRetry }: Props) {
  const { t, lang } = useWords();
  const words = usePredictWords();
  const assessment = refusal === null && failure === null ? judgement?.assessment : undefined;
  const took = judgement === undefined ? 0 : judgement.tookMs;
  return (
    <>
      <Panel
        title={t.machine.judgement}
        aside={
          assessment !== undefined && (
            <span className={css['took']}>
              {isWaiting ? words.waiting : words.latency(formatQuantity(took, 'ms', decimalsFor(took), lang))}
            </span>
          )
        }
      >
        {failure !== null && <Failure error={failure} onRetry={onRetry} />}
        {refusal !== null && <Refusal refusal={refusal} />}
        {failure === null && refusal === null && assessment === undefined && <Missing isWaiting={isWaiting} />}
        {assessment !== undefined && (
          <div className={css['judged']}>
            <OutsideNotice assessment={assessment} signals={schema.signals} />
            <Verdict assessment={assessment} modes={schema.modes} />
            <Provenance assessment={assessment} />
          </div>
        )}
        <p role="status" className="visually-hidden">
          {assessment !== undefined && !isWaiting && spoken(assessment)}
        </p>
      </Panel>
      {assessment !== undefined && <Reasons assessment={assessment} schema={schema} />}
    </>
  );

  function spoken({ prediction, failure_probability }: Assessment): string {
    const claim = prediction === 1 ? t.machine.willFail : t.machine.noFailure;
    return `${claim}, ${formatProbability(failure_probability, lang)}`;
  }
}

function Refusal({ refusal }: { refusal: ApiError }) {
  const { t } = useWords();
  const words = usePredictWords();
  return (
    <Notice title={words.cannotJudge} tone="warn">
      <p>{words.because(t.codes[refusal.code] ?? refusal.message)}</p>
      <ul>
        {refusal.fields.map((field) => (
          <li key={field.pointer + field.detail}>{field.detail}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Missing({ isWaiting }: { isWaiting: boolean }) {
  const words = usePredictWords();
  return isWaiting ? <Skeleton lines={4} /> : <Notice title={words.incomplete} />;
}

function Provenance({ assessment }: { assessment: Assessment }) {
  const { t } = useWords();
  const words = usePredictWords();
  return (
    <p className={css['provenance']}>
      {t.machine.model(assessment.model.name, assessment.model.version)}
      {assessment.assumptions.length > 0 && ` · ${words.assumption}: ${assessment.assumptions.join('; ')}`}
    </p>
  );
}

function Reasons({ assessment, schema }: { assessment: Assessment; schema: ReadingSchema }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const selected = chosen ?? topMode(assessment);
  return (
    <div className={css['pair']}>
      <Panel title={t.machine.modes}>
        <ModeBars assessment={assessment} modes={schema.modes} selected={selected} onSelect={setChosen} />
        <ModeDetail mode={schema.modes.find((mode) => mode.name === selected)} />
      </Panel>
      <Panel title={t.machine.why}>
        <Contributions assessment={assessment} features={schema.features} signals={schema.signals} />
      </Panel>
      <Panel title={t.machine.limits} className={css['wide']}>
        <LimitBars assessment={assessment} modes={schema.modes} />
      </Panel>
    </div>
  );
}
