import { type KeyboardEvent, useRef } from 'react';
import { type OpenTab, TABS, type Tab } from '../../alarms/alarm-state';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import css from './alarms-page.module.css';

interface Props {
  tab: Tab;
  counts: Readonly<Record<OpenTab, number>>;
  /** Whether the counts are known: a zero must not be shown before they are. */
  isKnown: boolean;
  onChange: (tab: Tab) => void;
}

/** Tabs after the pattern of WAI-ARIA: one tab stop, arrows choose. */
export function Tabs({ tab, counts, isKnown, onChange }: Props) {
  const { lang } = useWords();
  const words = useAlarmWords();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onChange(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={words.tabsLabel} className={css['tabs']} onKeyDown={onKeyDown}>
      {TABS.map((each) => (
        <button
          key={each}
          id={`tab-${each}`}
          type="button"
          role="tab"
          className={css['tab']}
          aria-selected={each === tab}
          aria-controls="alarm-list"
          tabIndex={each === tab ? 0 : -1}
          onClick={() => onChange(each)}
        >
          {words.tabs[each]}
          {each !== 'history' && isKnown && <span className={css['count']}>{formatNumber(counts[each], 0, lang)}</span>}
        </button>
      ))}
    </div>
  );
}
