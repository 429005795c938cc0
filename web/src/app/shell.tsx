import { type ReactNode, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { waiting } from '../alarms/alarm-state';
import { useAlarmNews, useOpenAlarms } from '../alarms/queries';
import { useChosenLanguage, useWords } from '../i18n/t';
import { formatNumber } from '../lib/format';
import { type KeyMap, useShortcuts } from '../lib/shortcuts';
import { formatAge, formatClock, zoneName } from '../lib/time';
import { useConnection } from '../live/use-live';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { HelpDialog } from './help-dialog';
import { MorePages } from './more-pages';
import { PriorityStrip } from './priority-strip';
import { ROUTES } from './routes';
import css from './shell.module.css';

const PAGES = ROUTES.flatMap(({ path, nav }) => (nav ? [{ path, ...nav }] : []));

/** The frame around every page: name, navigation, connection, clock, help. */
export function Shell({ children }: { children: ReactNode }) {
  useChosenLanguage();
  useAlarmNews();
  const { t } = useWords();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [, go] = useLocation();
  const keys = useMemo<KeyMap>(() => {
    const pages = PAGES.map(({ path, key }) => [`g ${key}`, () => go(path)] as const);
    const find = () => document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
    const help = () => setHelpOpen(true);
    return { ...Object.fromEntries(pages), '/': find, j: () => walkQueue(1), k: () => walkQueue(-1), '?': help };
  }, [go]);
  useShortcuts(keys);

  return (
    <>
      <a className={css['skip']} href="#content">
        {t.skip}
      </a>
      <header className={css['top']}>
        <Link href="/" className={css['brand']} aria-label={t.product}>
          <i className="product" />
          <span>{t.product}</span>
        </Link>
        <Navigation />
        <div className={css['right']}>
          <ConnectionStatus />
          <MorePages pages={PAGES.filter(({ isSeldom }) => isSeldom)} />
          <Button look="bar" aria-label={t.top.help} onClick={() => setHelpOpen(true)}>
            <Icon name="help" size={20} />
          </Button>
        </div>
      </header>
      <OfflineBanner />
      <main id="content" tabIndex={-1} className={css['main']}>
        {children}
      </main>
      <PriorityStrip />
      {isHelpOpen && <HelpDialog pages={PAGES} onClose={() => setHelpOpen(false)} />}
    </>
  );
}

/** Puts the focus on the next or previous row of the page's queue; from outside of it, on the first. */
function walkQueue(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-queue] a')];
  // The buttons of a row belong to it.
  const at = rows.findIndex((row) => row.closest('li')?.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
}

function Navigation() {
  const { t, lang } = useWords();
  const [location] = useLocation();
  const alarms = useOpenAlarms().data;
  const count = alarms === undefined ? 0 : waiting(alarms.counts);
  return (
    <nav aria-label={t.nav.label} className={css['nav']}>
      {PAGES.filter(({ isSeldom }) => !isSeldom).map(({ path, label, icon }) => {
        const isHere =
          path === '/' ? location === '/' || location.startsWith('/machines/') : `${location}/`.startsWith(`${path}/`);
        return (
          <Link key={path} href={path} aria-current={isHere ? 'page' : undefined}>
            <Icon name={icon} />
            {label(t)}
            {path === '/alarms' && count > 0 && (
              <span className={css['badge']} title={t.desk.waiting(count)}>
                {formatNumber(count, 0, lang)}
                <span className="visually-hidden">, {t.desk.waiting(count)}</span>
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}

function ConnectionStatus() {
  const { t, lang } = useWords();
  const { connection, nowMs } = useConnection();
  const text = (() => {
    switch (connection.state) {
      case 'connecting':
        return t.connection.connecting;
      case 'live':
        return t.connection.live(formatAge(connection.ageS, lang));
      case 'reconnecting':
        return t.connection.reconnecting(formatAge(connection.ageS, lang));
      case 'offline':
        return t.connection.offline(connection.lastAtMs === null ? null : formatClock(connection.lastAtMs));
    }
  })();
  return (
    <>
      <span className={`${css['connection']} ${css[connection.state]}`}>{text}</span>
      <span className={css['clock']}>
        {connection.state !== 'connecting' && (
          <>
            {formatClock(nowMs)} <abbr>{zoneName(nowMs)}</abbr>
          </>
        )}
      </span>
    </>
  );
}

function OfflineBanner() {
  const { t } = useWords();
  const { connection } = useConnection();
  const isBroken = connection.state === 'offline' || connection.state === 'reconnecting';
  return <div role="status">{isBroken && <p className={css['banner']}>{t.connection.banner}</p>}</div>;
}
