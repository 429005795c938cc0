import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { predict, predictBatch, type ReadingBody } from '../../api/client';
import type { SignalSpec } from '../../api/reading-schema';
import type { Assessment } from '../../api/types';
import { usePainted } from '../../lib/use-painted';

const SETTLE_MS = 300;
const STEPS = 60;

/** The value once it has not changed for a moment; the first one at once. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export interface Judgement {
  readonly assessment: Assessment;
  readonly tookMs: number;
}

/**
 * The model's answer to a reading. A newer reading aborts the older question; its answer stays until the new comes. The
 * first question waits until the form is painted.
 */
export function useJudgement(reading: ReadingBody | null) {
  const isPainted = usePainted();
  return useQuery({
    queryKey: ['predict', reading],
    queryFn: async ({ signal }): Promise<Judgement> => {
      const started = performance.now();
      const assessment = await predict(reading ?? { machine_id: '' }, signal);
      return { assessment, tookMs: performance.now() - started };
    },
    enabled: reading !== null && isPainted,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface CurvePoint {
  readonly value: number;
  /** null where the reading cannot be judged. */
  readonly probability: number | null;
}

/** The failure probability over the range of one signal, everything else as in `reading`. */
export function useCurve(reading: ReadingBody | null, signal: SignalSpec) {
  return useQuery({
    queryKey: ['curve', reading, signal.name],
    queryFn: async ({ signal: abort }): Promise<CurvePoint[]> => {
      const [low, high] = signal.envelope;
      const values = Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS);
      const readings = values.map((value) => ({ machine_id: '', ...reading, [signal.name]: value }));
      const { results } = await predictBatch(readings, abort);
      return values.map((value, at) => ({
        value,
        probability: results[at]?.judgement?.failure_probability ?? null,
      }));
    },
    enabled: reading !== null,
    placeholderData: (before, query) => (query?.queryKey[2] === signal.name ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
