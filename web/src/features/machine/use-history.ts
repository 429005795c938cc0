import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { getTimeline } from '../../api/client';
import type { Assessment } from '../../api/types';
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
/** The newest assessments of the stream, for a history that is fetched meanwhile. */
const RECENT = 100;
/** What the stream brought before it began anew is stored after this. */
const STORED_MS = 2_000;

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
  const { refetch } = query;
  const [grown, setGrown] = useState(0);
  const recent = useRef<Assessment[]>([]);
  const current = useRef(history);
  // A history that was fetched lacks what came while it was on its way.
  useEffect(() => {
    current.current = history;
    for (const assessment of recent.current) history?.push(assessment);
    setGrown((count) => count + 1);
  }, [history]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    recent.current = [];
    const stop = store.follow(id, {
      assessed(assessment) {
        recent.current = [...recent.current.slice(1 - RECENT), assessment];
        if (!current.current?.push(assessment)) return;
        current.current.trim(store.now() - RANGE_MS[range] * 1.1);
        setGrown((count) => count + 1);
      },
      opened() {
        clearTimeout(timer);
        timer = setTimeout(() => void refetch(), STORED_MS);
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store, id, range, refetch]);
  return { query, history, grown };
}
