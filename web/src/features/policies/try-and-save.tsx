import { useId, useState } from 'react';
import { ApiError } from '../../api/errors';
import type { PolicyDetail } from '../../api/types';
import { HistoryDifferenceView } from '../../charts/history-difference';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { changePrefs, usePrefs } from '../../lib/prefs';
import { useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import { Choice } from '../../ui/choice';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { type Draft, isSame, isWrong } from './draft';
import fields from './policy-fields.module.css';
import type { Tried, usePreview, useSave } from './queries';
import css from './try-and-save.module.css';

const HOUR_MS = 3_600_000;
const RANGES = { '1h': HOUR_MS, '8h': 8 * HOUR_MS, '24h': 24 * HOUR_MS } as const;
type Range = keyof typeof RANGES;
const NAMES: readonly Range[] = ['1h', '8h', '24h'];

interface Props {
  draft: Draft;
  inForce: PolicyDetail;
  preview: ReturnType<typeof usePreview>;
  saving: ReturnType<typeof useSave>;
  /** Back to the policy in force; with `isNewest`, to the one that somebody else has put in force. */
  onDiscard: (isNewest: boolean) => void;
}

/** A draft is tried on the stored history before it can be put in force. */
export function TryAndSave({ draft, inForce, preview, saving, onDiscard }: Props) {
  const words = usePolicyWords().policies;
  const store = useLiveStore();
  const [range, setRange] = useState<Range>('1h');
  const isChanged = !isSame(draft.policy, inForce.policy);
  const tried = preview.data;
  const isTried = tried !== undefined && isSame(tried.policy, draft.policy) && !isWrong(draft);
  const tryIt = () => preview.mutate({ policy: draft.policy, toMs: store.now(), rangeMs: RANGES[range] });
  return (
    <Panel title={words.draft}>
      <div className={page['page']}>
        {!isChanged && <p>{saving.data === undefined ? words.unchanged : words.saved(saving.data.version)}</p>}
        {isWrong(draft) && <p role="status">{words.wrong}</p>}
        <div className={css['row']}>
          <span>{words.over}</span>
          <Choice
            label={words.over}
            value={range}
            options={NAMES.map((value) => ({ value, label: words.ranges[value] }))}
            onChange={setRange}
          />
          <Button disabled={!isChanged || isWrong(draft) || preview.isPending} onClick={tryIt}>
            {preview.isPending ? words.previewing : words.preview}
          </Button>
          {isChanged && <Button onClick={() => onDiscard(false)}>{words.discard}</Button>}
        </div>
        {preview.isPending && <Skeleton lines={6} />}
        {preview.error !== null && <Failure error={preview.error} onRetry={tryIt} />}
        {!preview.isPending && isChanged && tried !== undefined && <Outcome tried={tried} isOld={!isTried} />}
        {isChanged && (
          <SaveForm
            isReady={isTried && !saving.isPending}
            onSave={(reason, name) => saving.mutate({ policy: draft.policy, after: inForce.version, reason, name })}
          />
        )}
        <SaveFailure saving={saving} onDiscard={onDiscard} />
      </div>
    </Panel>
  );
}

function Outcome({ tried: { preview }, isOld }: { tried: Tried; isOld: boolean }) {
  const { lang } = useWords();
  const words = usePolicyWords().policies;
  const count = (value: number) => formatNumber(value, 0, lang);
  const { readings, machines, difference, budget } = preview;
  return (
    <div className={isOld ? css['old'] : undefined}>
      {isOld && <p role="status">{words.moved}</p>}
      <p>
        {words.tried(count(readings), count(machines))}{' '}
        {preview.within_budget
          ? words.keepsBudget
          : words.overBudget(count(difference.new_bill.busiest), count(budget.alarms_per_shift))}
      </p>
      <HistoryDifferenceView
        equipment={preview.equipment}
        difference={difference}
        modes={preview.modes}
        failures={preview.failures}
        currency={preview.currency}
      />
    </div>
  );
}

function SaveForm({ isReady, onSave }: { isReady: boolean; onSave: (reason: string, name: string) => void }) {
  const words = usePolicyWords().policies;
  const { name } = usePrefs();
  const [reason, setReason] = useState('');
  const id = useId();
  const canSave = isReady && reason.trim() !== '' && name.trim() !== '';
  return (
    <form
      className={css['save']}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) onSave(reason.trim(), name.trim());
      }}
    >
      <div className={fields['field']}>
        <label htmlFor={`${id}reason`}>{words.reason}</label>
        <input
          id={`${id}reason`}
          className={fields['text']}
          value={reason}
          maxLength={2_000}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <div className={fields['field']}>
        <label htmlFor={`${id}name`}>{words.name}</label>
        <input
          id={`${id}name`}
          className={fields['text']}
          value={name}
          maxLength={64}
          autoComplete="name"
          onChange={(event) => changePrefs({ name: event.target.value })}
        />
      </div>
      <Button type="submit" look="strong" disabled={!canSave}>
        {words.save}
      </Button>
    </form>
  );
}

function SaveFailure({ saving, onDiscard }: Pick<Props, 'saving' | 'onDiscard'>) {
  const words = usePolicyWords().policies;
  const { error, variables } = saving;
  if (error === null) return null;
  if (error instanceof ApiError && error.status === 409) {
    return (
      <Notice title={words.conflict} tone="warn">
        <p role="alert">{error.message}</p>
        <Button onClick={() => onDiscard(true)}>{words.again}</Button>
      </Notice>
    );
  }
  return <Failure error={error} onRetry={() => variables !== undefined && saving.mutate(variables)} />;
}
