import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { getMachine } from '../../api/client';
import { ApiError } from '../../api/errors';
import type { ReadingSchema } from '../../api/reading-schema';
import { usePredictWords } from '../../i18n/predict-words';
import { useWords } from '../../i18n/t';
import { useConnection, useLiveStore } from '../../live/use-live';
import { Button } from '../../ui/button';
import css from './copy-machine.module.css';
import { formOfAssessment, type ReadingForm } from './reading-form';

const TIMEOUT_MS = 10_000;
/** As many ids as are worth offering while someone types. */
const OFFERED = 200;

interface Props {
  schema: ReadingSchema;
  onCopy: (form: ReadingForm) => void;
}

/** Fills the form with what a machine said last. Ids are offered from the live fleet; any other may be typed. */
export function CopyMachine({ schema, onCopy }: Props) {
  const { t } = useWords();
  const words = usePredictWords();
  const id = useId();
  const [machine, setMachine] = useState('');
  const offered = useOffered(machine.trim());
  const copying = useMutation({
    mutationFn: async (wanted: string) => {
      const { last_assessment: last } = await getMachine(wanted, AbortSignal.timeout(TIMEOUT_MS));
      return last === null ? null : formOfAssessment(last, schema);
    },
    onSuccess: (form) => form !== null && onCopy(form),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (machine.trim() !== '') copying.mutate(machine.trim());
  };
  const isUnknown = copying.error instanceof ApiError && copying.error.status === 404;
  return (
    <form className={css['copy']} onSubmit={submit}>
      <label htmlFor={id}>{words.copyFrom}</label>
      <input
        id={id}
        className={css['id']}
        list={`${id}offered`}
        value={machine}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}said`}
        onChange={(event) => setMachine(event.target.value)}
      />
      <datalist id={`${id}offered`}>
        {offered.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Button type="submit" disabled={copying.isPending || machine.trim() === ''}>
        {words.copy}
      </Button>
      <p id={`${id}said`} role="status" className={css['said']}>
        {copying.data === null && t.machine.neverSeen}
        {isUnknown && t.machine.unknown(copying.variables ?? '')}
        {copying.error !== null && !isUnknown && copying.error.message}
      </p>
    </form>
  );
}

/** Ids of the live fleet that begin with what was typed. */
function useOffered(typed: string): readonly string[] {
  const store = useLiveStore();
  useConnection();
  const wanted = typed.toLowerCase();
  return store.fleet.ids.filter((one) => one.toLowerCase().startsWith(wanted)).slice(0, OFFERED);
}
