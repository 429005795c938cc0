import { useId } from 'react';
import type { ReplayItem, ReplayResult } from '../../api/types';
import { HistoryDifferenceView } from '../../charts/history-difference';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import { hasDiff, isUnfinished, useChange, useReplay, useReplayDiff } from './queries';
import css from './replay-panel.module.css';

/** One replay: how far it is, how to stop it, and what it changes. */
export function ReplayPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const words = usePolicyWords().replay;
  const query = useReplay(id);
  return (
    <Panel title={words.one} aside={<Button onClick={onClose}>{words.close}</Button>}>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && query.data === undefined && <Skeleton lines={20} />}
      {query.data !== undefined && <Replay item={query.data} />}
    </Panel>
  );
}

function Replay({ item }: { item: ReplayItem }) {
  const { lang } = useWords();
  const words = usePolicyWords().replay;
  const change = useChange(item.replay_id);
  const when = (text: string) => formatDateTime(Date.parse(text), lang);
  const { state, result, waits_for: waits, error } = item;
  const canResume = state === 'cancelled' || state === 'failed';
  return (
    <div className={page['page']}>
      <p className={page['sentence']}>
        {when(item.from)} – {when(item.to)} · {words.states[state]}
      </p>
      <Progress item={item} />
      <p role="status">{waits !== null && words.waits(waits)}</p>
      {error !== null && <Notice title={words.failed(error)} tone="warn" />}
      {isUnfinished(item) && (
        <p>
          <Button disabled={change.isPending} onClick={() => change.mutate('cancel')}>
            {words.cancel}
          </Button>
        </p>
      )}
      {canResume && (
        <p>
          <Button disabled={change.isPending} onClick={() => change.mutate('resume')}>
            {words.resume}
          </Button>
        </p>
      )}
      {change.error !== null && (
        <Failure
          error={change.error}
          onRetry={() => change.variables !== undefined && change.mutate(change.variables)}
        />
      )}
      {result !== null && <Outcome result={result} />}
      <Difference item={item} />
    </div>
  );
}

function Progress({ item }: { item: ReplayItem }) {
  const { lang } = useWords();
  const words = usePolicyWords().replay;
  const id = useId();
  const count = (value: number) => formatNumber(value, 0, lang);
  const facts = [
    words.machines(count(item.machines_done), count(item.machines)),
    words.readings(count(item.readings)),
    ...(item.model === null ? [] : [words.scored(count(item.scored), count(item.published))]),
  ];
  return (
    <div className={css['progress']}>
      <label htmlFor={id}>
        {words.progress} {formatProbability(item.progress, lang)}
      </label>
      <progress id={id} max={1} value={item.progress} />
      <span>{facts.join(' · ')}</span>
    </div>
  );
}

/** Whether it is what happened live, and where not. */
function Outcome({ result }: { result: ReplayResult }) {
  const { lang } = useWords();
  const words = usePolicyWords().replay;
  const count = (value: number) => formatNumber(value, 0, lang);
  const { equals_live: isEqual, first_difference: first, skipped_actions: skipped } = result;
  return (
    <div>
      <p>{isEqual ? words.equals : words.differs(count(result.transitions), count(result.live_transitions))}</p>
      {first !== null && <p>{words.firstDifference(first)}</p>}
      {skipped > 0 && <p>{words.skipped(count(skipped))}</p>}
      <p className={page['note']}>
        <code className={css['hash']}>{result.log_hash}</code>
      </p>
    </div>
  );
}

function Difference({ item }: { item: ReplayItem }) {
  const words = usePolicyWords();
  const query = useReplayDiff(item);
  if (!hasDiff(item)) return null;
  if (query.error !== null) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton lines={20} />;
  const { difference, modes, failures, currency, is_complete: isComplete } = query.data;
  return (
    <section aria-label={words.difference.title} className={page['page']}>
      <h3>{words.difference.title}</h3>
      {!isComplete && <p>{words.replay.soFar}</p>}
      <HistoryDifferenceView
        equipment={item.equipment}
        difference={difference}
        modes={modes}
        failures={failures}
        currency={currency}
      />
    </section>
  );
}
