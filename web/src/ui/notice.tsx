import type { ReactNode } from 'react';
import { ApiError } from '../api/errors';
import { useWords } from '../i18n/t';
import { Button } from './button';
import css from './notice.module.css';

/** A few sentences where content would be: empty, not found, a warning. */
export function Notice({
  title,
  children,
  tone = 'quiet',
}: {
  title: string;
  children?: ReactNode;
  tone?: 'quiet' | 'warn';
}) {
  return (
    <div className={`${css['notice']} ${css[tone]}`}>
      <p className={css['title']}>{title}</p>
      {children}
    </div>
  );
}

/** What failed, how to try again, and the trace id that the server's log knows. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useWords();
  const isAway = error instanceof ApiError && error.status === 0;
  return (
    <div role="alert" className={`${css['notice']} ${css['warn']}`}>
      <p className={css['title']}>{isAway ? t.panel.network : t.panel.failed}</p>
      {!isAway && error instanceof Error && <p>{error.message}</p>}
      {error instanceof ApiError && error.traceId !== null && (
        <p className={css['small']}>
          {t.panel.trace} <code>{error.traceId}</code>
        </p>
      )}
      <Button onClick={onRetry}>{t.panel.retry}</Button>
    </div>
  );
}

/** Grey lines in the place of content that is on its way; appears only after a moment. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  const { t } = useWords();
  return (
    <div className={css['skeleton']} role="status" aria-label={t.panel.loading}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
        <span key={line} />
      ))}
    </div>
  );
}
