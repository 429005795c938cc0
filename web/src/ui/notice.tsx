import type { ReactNode } from 'react';
import { useWords } from '../i18n/t';
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
