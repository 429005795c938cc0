/** Single keys and `g` sequences. Off while someone types or a dialog is open, and off altogether when the person says so (WCAG 2.1.4). */

import { useEffect, useRef } from 'react';
import { usePrefs } from './prefs';

export type KeyMap = Readonly<Record<string, () => void>>;

const SEQUENCE_MS = 1000;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=radio]):not([type=range]), select, textarea');
}

/**
 * Keys such as `?` or `g f`; a sequence must be finished within a second. Several components may have keys at once: the
 * second key of a sequence is nobody's single key. Memoise `keys`.
 */
export function useShortcuts(keys: KeyMap): void {
  const { shortcuts } = usePrefs();
  const pending = useRef({ key: '', at: 0 });
  useEffect(() => {
    if (!shortcuts) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]') !== null) return;
      const isSecond = pending.current.key === 'g' && event.timeStamp - pending.current.at < SEQUENCE_MS;
      const action = keys[isSecond ? `g ${event.key}` : event.key];
      pending.current = { key: event.key, at: event.timeStamp };
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [keys, shortcuts]);
}
