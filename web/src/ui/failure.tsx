import { useEffect, useRef, useState } from 'react';
import { ApiError, mayHeal } from '../api/errors';
import { useWords } from '../i18n/t';
import { formatQuantity } from '../lib/format';
import { Button } from './button';
import css from './notice.module.css';

const RETRY_S = 10;

/** What failed, how to try again, and the trace id that the server's log knows. What may heal is tried again by itself. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t, lang } = useWords();
  const isAway = error instanceof ApiError && error.status === 0;
  const leftS = useCountdown(waitS(error), onRetry);
  return (
    <div className={`${css['notice']} ${css['warn']}`}>
      <div role="alert" className={css['what']}>
        <p className={css['title']}>{isAway ? t.panel.network : t.panel.failed}</p>
        {!isAway && error instanceof Error && <p>{error.message}</p>}
        {error instanceof ApiError && error.traceId !== null && (
          <p className={css['small']}>
            {t.panel.trace} <code>{error.traceId}</code>
          </p>
        )}
      </div>
      {leftS !== null && <p className={css['small']}>{t.panel.retryIn(formatQuantity(leftS, 's', 0, lang))}</p>}
      <Button onClick={onRetry}>{t.panel.retry}</Button>
    </div>
  );
}

/** Seconds until the next try, the server's own wish first; null for an answer that will stay the same. */
function waitS(error: unknown): number | null {
  if (!(error instanceof ApiError)) return null;
  return mayHeal(error) ? Math.ceil(error.retryAfterS ?? RETRY_S) : null;
}

/** Counts whole seconds down from `seconds`, calls `onZero`, and starts over. */
function useCountdown(seconds: number | null, onZero: () => void): number | null {
  const [left, setLeft] = useState(seconds);
  const call = useRef(onZero);
  useEffect(() => {
    call.current = onZero;
  });
  useEffect(() => {
    setLeft(seconds);
    if (seconds === null) return;
    let rest = seconds;
    const timer = setInterval(() => {
      rest -= 1;
      if (rest <= 0) {
        rest = seconds;
        call.current();
      }
      setLeft(rest);
    }, 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return left;
}
