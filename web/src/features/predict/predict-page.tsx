import { useEffect, useMemo, useState } from 'react';
import { ApiError } from '../../api/errors';
import { isOnItsWay } from '../../api/on-its-way';
import type { ReadingSchema } from '../../api/reading-schema';
import { useReadingSchema } from '../../api/schema-query';
import { usePredictWords } from '../../i18n/predict-words';
import { titleOf, useWords } from '../../i18n/t';
import { useUrlState } from '../../lib/url-state';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { CopyMachine } from './copy-machine';
import { JudgementPanel } from './judgement-panel';
import css from './predict-page.module.css';
import { useJudgement, useSettled } from './queries';
import { ReadingFields } from './reading-fields';
import { fieldErrors, formOf, formOfPreset, isPreset, readingOf, urlOf } from './reading-form';
import { WhatIf } from './what-if';

/** What would the model say? */
export default function PredictPage() {
  const words = usePredictWords();
  const schema = useReadingSchema();
  return (
    <div className={css['page']}>
      <div>
        <h1>{words.title}</h1>
        <p className={css['lead']}>{words.lead}</p>
      </div>
      {schema.data !== undefined ? (
        <Workbench schema={schema.data} />
      ) : schema.error !== null ? (
        <Failure error={schema.error} onRetry={() => void schema.refetch()} />
      ) : (
        <Skeleton lines={10} />
      )}
    </div>
  );
}

function Workbench({ schema }: { schema: ReadingSchema }) {
  const { t } = useWords();
  const words = usePredictWords();
  const [url, setUrl] = useUrlState();
  const [fromUrl] = useState(() => formOf(url, schema));
  const [form, setForm] = useState(fromUrl);
  const settled = useSettled(form);
  const reading = useMemo(() => readingOf(settled, schema), [settled, schema]);
  const judgement = useJudgement(reading);
  const isFirstOnItsWay = reading !== null && isOnItsWay(judgement);
  const refusal = judgement.error instanceof ApiError && judgement.error.status === 422 ? judgement.error : null;
  const errors = useMemo(() => (refusal === null ? new Map() : fieldErrors(refusal)), [refusal]);
  useEffect(() => {
    // What the address says already needs no second picture of everything.
    if (settled !== fromUrl) setUrl(urlOf(settled));
  }, [settled, fromUrl, setUrl]);

  return (
    <>
      <fieldset className={css['presets']}>
        <legend>{words.presets}</legend>
        {schema.presets.map((preset) => (
          <Button
            key={preset.name}
            aria-pressed={isPreset(form, preset)}
            className={css['preset']}
            onClick={() => setForm(formOfPreset(preset))}
          >
            {titleOf(t, `preset.${preset.name}`, preset.title)}
          </Button>
        ))}
      </fieldset>
      <CopyMachine schema={schema} onCopy={setForm} />
      <div className={css['columns']}>
        <Panel title={words.reading}>
          <ReadingFields form={form} schema={schema} errors={errors} onChange={setForm} />
        </Panel>
        <div className={css['answers']}>
          <JudgementPanel
            schema={schema}
            judgement={reading === null ? undefined : judgement.data}
            refusal={refusal}
            failure={refusal === null ? judgement.error : null}
            isWaiting={judgement.isFetching || isFirstOnItsWay}
            onRetry={() => void judgement.refetch()}
          />
          {/* It stands below the answer, which is much higher than its absence. */}
          {!isFirstOnItsWay && (
            <WhatIf
              schema={schema}
              reading={refusal === null ? reading : null}
              threshold={judgement.data?.assessment.thresholds.failure ?? null}
            />
          )}
        </div>
      </div>
    </>
  );
}
