/** Single keys and `g` sequences. Off while someone types, and off altogether when the person says so (WCAG 2.1.4). */

import { useEffect, useRef } from 'react';

export type KeyMap = Readonly<Record<string, () => void>>;

const SEQUENCE_MS = 1000;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=radio]):not([type=range]), select, textarea');
}

/** Keys such as `?` or `g f`; a sequence must be finished within a second. */
export function useShortcuts(keys: KeyMap, isOn: boolean): void {
  const pending = useRef({ key: '', at: 0 });
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isSequence = event.timeStamp - pending.current.at < SEQUENCE_MS;
      const action = (isSequence && keys[`${pending.current.key} ${event.key}`]) || keys[event.key];
      pending.current = { key: event.key, at: event.timeStamp };
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [keys, isOn]);
}
