/** React's view of what is live: the store itself, and a number that changes about once a second. */

import { createContext, useContext, useSyncExternalStore } from 'react';
import { type Connection, connectionOf } from './staleness';
import type { LiveStore } from './store';

export const LiveContext = createContext<LiveStore | null>(null);

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error('LiveContext is missing');
  return store;
}

/** Renders the caller about once a second while the stream runs. */
export function useLiveVersion(store: LiveStore): number {
  return useSyncExternalStore(store.onTick, () => store.version);
}

/** Whether the stream tells of changes now; renders the caller when that changes. */
export function useIsCut(store: LiveStore): boolean {
  return useSyncExternalStore(store.onTick, () => store.isCut());
}

/** The connection's state and the server's time, about once a second. */
export function useConnection(): { connection: Connection; nowMs: number } {
  const store = useLiveStore();
  useLiveVersion(store);
  return { connection: connectionOf(store.link, Date.now()), nowMs: store.now() };
}
