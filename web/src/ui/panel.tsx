import { type ReactNode, useId } from 'react';
import css from './panel.module.css';

interface Props {
  title: string;
  aside?: ReactNode;
  /** Shown values may be old. */
  isStale?: boolean;
  className?: string | undefined;
  children: ReactNode;
}

/** A titled region of a page. */
export function Panel({ title, aside, isStale = false, className, children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`${css['panel']} ${isStale ? css['stale'] : ''} ${className ?? ''}`}>
      <div className={css['head']}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
