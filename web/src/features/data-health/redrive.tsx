import { useMutation, useQueryClient } from '@tanstack/react-query';
import { redrive } from '../../api/client';
import { mayHeal } from '../../api/errors';
import type { DeadLetterReason } from '../../api/types';
import { useDataHealthWords } from '../../i18n/data-health-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { Button } from '../../ui/button';
import css from './dead-letters.module.css';

/** The most that the gateway puts back at once. */
const MOST = 500;
const TIMEOUT_MS = 60_000;

/** Sends the open dead letters of a reason again, and says what became of the request. */
export function Redrive({ reason }: { reason: DeadLetterReason }) {
  const { lang } = useWords();
  const words = useDataHealthWords();
  const queries = useQueryClient();
  const { code, open } = reason;
  const sending = useMutation({
    // One key for all tries of one press: whatever happens to the answer, nothing is put back twice.
    mutationFn: (key: string) => redrive(code, Math.min(open, MOST), key, AbortSignal.timeout(TIMEOUT_MS)),
    retry: (failures, error) => failures < 2 && mayHeal(error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['data-health'] }),
  });
  const count = (value: number) => formatNumber(value, 0, lang);
  const left = sending.data?.letters.filter(({ outcome }) => outcome !== 'published').length ?? 0;
  return (
    <div className={css['again']}>
      {open > 0 && (
        <Button disabled={sending.isPending} onClick={() => sending.mutate(crypto.randomUUID())}>
          {sending.isPending ? words.sending : words.sendAgain(count(Math.min(open, MOST)))}
        </Button>
      )}
      <p role="status" className={css['last']}>
        {sending.data !== undefined && words.sent(count(sending.data.published))}
        {left > 0 && ` ${words.notSent(count(left))}`}
      </p>
      {sending.error !== null && (
        <p role="alert" className={css['failed']}>
          {words.notSentAtAll} {sending.error.message}
        </p>
      )}
    </div>
  );
}
