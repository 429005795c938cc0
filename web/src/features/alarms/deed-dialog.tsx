import { type FormEvent, useId, useState } from 'react';
import { alarmMark } from '../../alarms/alarm-state';
import type { Deed } from '../../alarms/desk';
import { useAlarmWords } from '../../i18n/alarm-words';
import { changePrefs, prefsNow } from '../../lib/prefs';
import { formatClock } from '../../lib/time';
import { useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { StatusMark } from '../../ui/status-mark';
import { autofocus } from './autofocus';
import css from './deed-dialog.module.css';
import { needsNote } from './deeds';
import type { Request, Wanted } from './desk-host';
import { type Draft, emptyDraft, lackOf, wantedOf } from './draft';
import { AssignFields, NoteField, ShelveFields, SuppressFields } from './fields';
import { VerdictFields } from './verdict-fields';

interface Props {
  request: Request;
  noteUpTo: number;
  modeTitle: (mode: string) => string;
  onClose: () => void;
  /** Resolves with what went wrong; null when the dialog is no longer needed. */
  onWanted: (wanted: Wanted) => Promise<Error | null>;
}

/** Asks what has to be said for a deed. A ready-made note is said and done with one press. */
export function DeedDialog({ request: { deed, alarm }, noteUpTo, modeTitle, onClose, onWanted }: Props) {
  const words = useAlarmWords();
  const store = useLiveStore();
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(prefsNow().name, store.now()));
  const [isNamed] = useState(draft.name !== '');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const nameId = useId();
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const lack = isTried ? lackOf(deed, alarm, draft, noteUpTo, store.now()) : null;
  const isVerdict = deed === 'verdict' || deed === 'close';

  const submit = async (ready: Draft) => {
    setDraft(ready);
    setTried(true);
    if (isBusy || lackOf(deed, alarm, ready, noteUpTo, store.now()) !== null) return;
    changePrefs({ name: ready.name.trim() });
    setBusy(true);
    const wrong = await onWanted(wantedOf(deed, alarm, ready, store.now()));
    if (wrong === null) return;
    setBusy(false);
    setError(wrong);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(draft);
  };
  const quick = quickNotes(deed, words.dialog);
  return (
    <Dialog title={words.ask[deed]} onClose={onClose}>
      <p className={css['alarm']}>
        <StatusMark kind={alarmMark(alarm)} size={20} />
        <strong>{alarm.machine_id}</strong> {modeTitle(alarm.mode)}
        <span>{words.raised(formatClock(Date.parse(alarm.raised_at)))}</span>
      </p>
      <form className={css['form']} onSubmit={onSubmit} noValidate>
        {!isNamed && (
          <div className={css['field']}>
            <label htmlFor={nameId}>{words.dialog.name}</label>
            <input
              id={nameId}
              ref={autofocus}
              value={draft.name}
              maxLength={64}
              autoComplete="name"
              aria-invalid={lack === 'name'}
              aria-describedby={`${nameId}h`}
              onChange={({ target }) => change({ name: target.value })}
            />
            <small id={`${nameId}h`}>{lack === 'name' ? words.dialog.nameRequired : words.dialog.nameHint}</small>
          </div>
        )}
        {deed === 'shelve' && <ShelveFields draft={draft} change={change} nowMs={store.now()} />}
        {deed === 'suppress' && <SuppressFields draft={draft} change={change} lacks={lack === 'window'} />}
        {deed === 'assign' && <AssignFields draft={draft} change={change} focus={isNamed} />}
        {isVerdict && (
          <VerdictFields
            alarm={alarm}
            draft={draft}
            change={change}
            modeTitle={modeTitle}
            mayBeUnknown={deed === 'close'}
            lacksFinding={lack === 'finding'}
            focus={isNamed}
          />
        )}
        {quick.length > 0 && (
          <fieldset
            className={css['quick']}
            ref={(fields) => autofocus(isNamed ? (fields?.querySelector('button') ?? null) : null)}
          >
            <legend>{words.dialog.notes}</legend>
            {quick.map((note) => (
              <Button key={note} onClick={() => void submit({ ...draft, note })}>
                {note}
              </Button>
            ))}
          </fieldset>
        )}
        <NoteField
          draft={draft}
          change={change}
          isRequired={needsNote(deed, alarm, noteUpTo)}
          lacks={lack === 'note'}
          focus={isNamed && deed === 'note'}
        />
        <div role="alert">
          {error !== null && (
            <p className={css['error']}>
              {words.dialog.failed} {error.message}
            </p>
          )}
        </div>
        <div className={css['end']}>
          <Button onClick={onClose}>{words.dialog.cancel}</Button>
          <Button look="strong" type="submit" disabled={isBusy}>
            {words.actions[deed]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function quickNotes(deed: Deed, { ackNotes, shelveNotes, hideNotes }: ReturnType<typeof useAlarmWords>['dialog']) {
  if (deed === 'ack') return ackNotes;
  if (deed === 'shelve') return shelveNotes;
  return deed === 'suppress' || deed === 'out-of-service' ? hideNotes : [];
}
