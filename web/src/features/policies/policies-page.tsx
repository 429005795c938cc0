import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import { ApiError } from '../../api/errors';
import { getVersion } from '../../api/policies';
import type { FieldError, PolicyDetail } from '../../api/types';
import { usePolicyWords } from '../../i18n/policy-words';
import { useUrlState } from '../../lib/url-state';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { CostCurve } from './cost-curve';
import { conditionNumber, draftOf, typed } from './draft';
import { ConditionFields, MoneyFields } from './policy-fields';
import { firstOfPolicies, usePolicies, usePolicy, usePreview, useSave } from './queries';
import { TryAndSave } from './try-and-save';
import { VersionList } from './version-list';

const TIMEOUT_MS = 10_000;

export const first = firstOfPolicies;

/** When is an alarm raised, and what does a wrong one cost? */
export default function PoliciesPage() {
  const words = usePolicyWords().policies;
  const policies = usePolicies();
  const [url, setUrl] = useUrlState();
  const id = useId();
  const all = policies.data?.policies ?? [];
  const chosen = (all.find(({ equipment }) => equipment === url.get('equipment')) ?? all[0])?.equipment;
  return (
    <div className={page['page']}>
      <div>
        <h1>{words.title}</h1>
        <p className={page['lead']}>{words.lead}</p>
      </div>
      {all.length > 1 && (
        <p>
          <label htmlFor={id}>{words.equipment}</label>{' '}
          <select id={id} value={chosen} onChange={(event) => setUrl({ equipment: event.target.value })}>
            {all.map(({ equipment }) => (
              <option key={equipment}>{equipment}</option>
            ))}
          </select>
        </p>
      )}
      {policies.error !== null && <Failure error={policies.error} onRetry={() => void policies.refetch()} />}
      {policies.error === null && policies.data === undefined && <Skeleton lines={10} />}
      {policies.data !== undefined && chosen === undefined && (
        <Notice title={words.none}>
          <p>{words.noneHint}</p>
        </Notice>
      )}
      {chosen !== undefined && <InForce key={chosen} equipment={chosen} />}
    </div>
  );
}

function InForce({ equipment }: { equipment: string }) {
  const query = usePolicy(equipment);
  // Many fields: they are made in small steps, between which the browser answers.
  const inForce = useDeferredValue(query.data);
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return inForce === undefined ? <Skeleton lines={10} /> : <Workbench inForce={inForce} />;
}

function Workbench({ inForce }: { inForce: PolicyDetail }) {
  const words = usePolicyWords().policies;
  const queries = useQueryClient();
  const { equipment, version } = inForce;
  const [draft, setDraft] = useState(() => draftOf(inForce.policy));
  const preview = usePreview();
  const saving = useSave();
  const loading = useMutation({
    mutationFn: (wanted: number) => getVersion(equipment, wanted, AbortSignal.timeout(TIMEOUT_MS)),
    onSuccess: ({ policy }) => setDraft(draftOf(policy)),
  });
  const errors = useMemo(() => faultsOf(saving.error ?? preview.error), [saving.error, preview.error]);
  const discard = async (isNewest: boolean) => {
    preview.reset();
    saving.reset();
    if (isNewest) await queries.refetchQueries({ queryKey: ['policies', equipment] });
    const newest = queries.getQueryData<PolicyDetail>(['policies', equipment]) ?? inForce;
    setDraft(draftOf(newest.policy));
  };
  const fields = { draft, errors, onChange: setDraft };
  return (
    <>
      <p>{version === 0 ? words.shipped : `${words.version(version, inForce.author)}: ${inForce.reason}`}</p>
      <MoneyFields {...fields} />
      <ConditionFields {...fields} />
      <CostCurve
        key={version}
        equipment={equipment}
        conditions={Object.keys(inForce.policy.conditions)}
        onTake={(condition, threshold) =>
          setDraft(typed(draft, conditionNumber(condition, 'raise_at'), String(threshold)))
        }
      />
      <TryAndSave
        draft={draft}
        inForce={inForce}
        preview={preview}
        saving={saving}
        onDiscard={(isNewest) => void discard(isNewest)}
      />
      {loading.error !== null && (
        <Failure
          error={loading.error}
          onRetry={() => loading.variables !== undefined && loading.mutate(loading.variables)}
        />
      )}
      <VersionList equipment={equipment} inForce={version} onLoad={(wanted) => loading.mutate(wanted)} />
    </>
  );
}

/** What the gateway says about the fields, by pointer. */
function faultsOf(error: Error | null): ReadonlyMap<string, readonly FieldError[]> {
  const found = new Map<string, FieldError[]>();
  if (!(error instanceof ApiError)) return found;
  for (const fault of error.fields) found.set(fault.pointer, [...(found.get(fault.pointer) ?? []), fault]);
  return found;
}
