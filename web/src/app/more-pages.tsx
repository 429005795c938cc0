import { type KeyboardEvent, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { Dictionary } from '../i18n/en';
import { useWords } from '../i18n/t';
import { Icon, type IconName } from '../ui/icon';
import css from './more-pages.module.css';

interface Props {
  pages: readonly {
    readonly path: string;
    readonly icon: IconName;
    readonly label: (t: Dictionary) => string;
  }[];
}

/** The pages that are seldom needed, folded away. Closes when one is chosen, by Escape, and when the focus leaves. */
export function MorePages({ pages }: Props) {
  const { t } = useWords();
  const [location] = useLocation();
  const ref = useRef<HTMLDetailsElement>(null);
  const close = () => ref.current?.removeAttribute('open');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !ref.current?.open) return;
    close();
    ref.current.querySelector('summary')?.focus();
  };
  return (
    <details
      ref={ref}
      className={css['more']}
      onKeyDown={onKeyDown}
      onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || close()}
    >
      <summary aria-label={t.nav.more}>
        <Icon name="more" size={20} />
      </summary>
      <nav aria-label={t.nav.more}>
        {pages.map(({ path, icon, label }) => (
          <Link key={path} href={path} aria-current={location === path ? 'page' : undefined} onClick={close}>
            <Icon name={icon} />
            {label(t)}
          </Link>
        ))}
      </nav>
    </details>
  );
}
