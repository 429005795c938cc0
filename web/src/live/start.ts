import type { QueryClient } from '@tanstack/react-query';
import type { LiveStore } from './store';

/** What a page's `first` gets: where answers go, the stream, and what the address names. */
export interface Start {
  readonly queries: QueryClient;
  readonly live: LiveStore;
  readonly id: string;
}
