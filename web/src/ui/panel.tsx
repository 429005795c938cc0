import { type ReactNode, useId } from 'react';
import css from './panel.module.css';

interface Props {
  title: string;
  aside?: ReactNode;
  /** Shown values are old: as of when. */
  staleNote?: string | null;
  className?: string | undefined;
  children: ReactNode;
}

/** A titled region of a page. */
export function Panel({ title, aside, staleNote = null, className, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={`${css['panel']} ${staleNote !== null ? css['stale'] : ''} ${className ?? ''}`}
    >
      <div className={css['head']}>
        <h2 id={id}>{title}</h2>
        {staleNote !== null && <p className={css['asOf']}>{staleNote}</p>}
        {aside}
      </div>
      {children}
    </section>
  );
}
