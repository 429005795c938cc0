import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { usePolicyWords } from '../../i18n/policy-words';
import { fromLocal, toLocal } from '../../lib/local-time';
import { changePrefs, usePrefs } from '../../lib/prefs';
import { zoneName } from '../../lib/time';
import { useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import { Failure } from '../../ui/failure';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import css from './ask-form.module.css';
import { useAsk, usePolicyVersions, useReplayModels } from './queries';

const HOUR_MS = 3_600_000;

interface Props {
  equipment: string;
  onAsked: (id: string) => void;
}

/** Which stored time to run again, under which policy and with whose scores. */
export function AskForm({ equipment, onAsked }: Props) {
  const words = usePolicyWords().replay;
  const store = useLiveStore();
  const { name } = usePrefs();
  const lastHour = () => [toLocal(store.now() - HOUR_MS), toLocal(store.now())] as const;
  const [[from, to], setRange] = useState(lastHour);
  const [version, setVersion] = useState('');
  const [model, setModel] = useState('');
  const [note, setNote] = useState('');
  const versions = usePolicyVersions(equipment).data?.versions ?? [];
  const models = (useReplayModels().data?.models ?? []).filter((one) => one.equipment === equipment);
  const asking = useAsk();
  const [fromMs, toMs] = [fromLocal(from), fromLocal(to)];
  const isReady = fromMs !== null && toMs !== null && fromMs < toMs && name.trim() !== '' && !asking.isPending;
  const ask = () => {
    if (!isReady) return;
    const request = {
      equipment,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      note: note.trim(),
      actor: name.trim(),
      ...(version !== '' && { policy_version: Number(version) }),
      ...(model !== '' && { model }),
    };
    asking.mutate(request, { onSuccess: ({ replay_id: id }) => onAsked(id) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask();
  };
  return (
    <Panel title={words.ask} aside={<Button onClick={() => setRange(lastHour())}>{words.lastHour}</Button>}>
      <form className={css['form']} onSubmit={submit}>
        <Field label={words.from}>
          {(id) => <When id={id} value={from} onChange={(next) => setRange([next, to])} />}
        </Field>
        <Field label={words.to}>
          {(id) => <When id={id} value={to} onChange={(next) => setRange([from, next])} />}
        </Field>
        <Field label={words.policy}>
          {(id) => (
            <select id={id} value={version} onChange={({ target }) => setVersion(target.value)}>
              <option value="">{words.policyNow}</option>
              {versions.map((one) => (
                <option key={one.version} value={one.version}>
                  {words.policyVersion(one.version, one.reason)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.model}>
          {(id) => (
            <select id={id} value={model} onChange={({ target }) => setModel(target.value)}>
              <option value="">{words.stored}</option>
              {models.map((one) => (
                <option key={one.digest} value={one.digest}>
                  {words.modelVersion(one.version, one.is_live)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.note}>
          {(id) => <input id={id} value={note} maxLength={2_000} onChange={({ target }) => setNote(target.value)} />}
        </Field>
        <Field label={words.name}>
          {(id) => (
            <input
              id={id}
              value={name}
              maxLength={64}
              autoComplete="name"
              onChange={({ target }) => changePrefs({ name: target.value })}
            />
          )}
        </Field>
        <Button type="submit" look="strong" disabled={!isReady}>
          {words.start}
        </Button>
      </form>
      <p className={page['note']}>{words.zone(zoneName(toMs ?? store.now()))}</p>
      {asking.error !== null && <Failure error={asking.error} onRetry={ask} />}
    </Panel>
  );
}

function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className={css['field']}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}

function When({ id, value, onChange }: { id: string; value: string; onChange: (value: string) => void }) {
  return (
    <input
      id={id}
      type="datetime-local"
      step={1}
      value={value}
      required
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
