import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getTimeline } from '../../api/client';
import { History } from '../../charts/history';
import type { LiveStore } from '../../live/store';

export const RANGES = ['10m', '1h', '8h', '24h'] as const;
export type Range = (typeof RANGES)[number];

export const RANGE_MS: Readonly<Record<Range, number>> = {
  '10m': 600_000,
  '1h': 3_600_000,
  '8h': 8 * 3_600_000,
  '24h': 24 * 3_600_000,
};
/** Asked of the server; half as many again may join live before the range is loaded anew. */
export const MAX_POINTS = 3600;
const RELOAD_MS = 10 * 60_000;

/** The stored history of a range, to which the assessments of the stream are added as they come. */
export function useHistory(store: LiveStore, id: string, range: Range, names: readonly string[]) {
  const query = useQuery({
    queryKey: ['timeline', id, range, names],
    queryFn: async ({ signal }) => {
      const now = store.now();
      // A second ahead: a machine's clock may run before ours.
      return History.of(await getTimeline(id, now - RANGE_MS[range], now + 1000, MAX_POINTS, signal), names);
    },
    enabled: names.length > 0,
    // The history is a buffer that grows in place, not a value to compare.
    structuralSharing: false,
    staleTime: 0,
    gcTime: 0,
    refetchInterval: RELOAD_MS,
  });
  const history = query.data;
  const [grown, setGrown] = useState(0);
  useEffect(() => {
    if (history === undefined) return;
    return store.follow(id, (assessment) => {
      if (!history.push(assessment)) return;
      history.trim(store.now() - RANGE_MS[range] * 1.1);
      setGrown((count) => count + 1);
    });
  }, [store, id, range, history]);
  return { query, history, grown };
}
