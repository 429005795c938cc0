import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getPolicy, getThreshold, listVersions, previewPolicy, putPolicy } from '../../api/policies';
import { policiesQuery } from '../../api/policies-query';
import type { Policy, PolicyPreview } from '../../api/types';
import type { Start } from '../../live/start';

const TIMEOUT_MS = 60_000;
/** A day of a large fleet takes its time. */
const PREVIEW_TIMEOUT_MS = 300_000;

export function usePolicies() {
  return useQuery(policiesQuery);
}

/** What the page shows first. */
export function firstOfPolicies({ queries }: Start): Promise<unknown> {
  return queries.prefetchQuery(policiesQuery);
}

/** The policy in force. It is not fetched anew under somebody's hands: a conflict is told when it is saved. */
export function usePolicy(equipment: string) {
  return useQuery({
    queryKey: ['policies', equipment],
    queryFn: ({ signal }) => getPolicy(equipment, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export function useVersions(equipment: string) {
  return useQuery({
    queryKey: ['policies', equipment, 'versions'],
    queryFn: ({ signal }) => listVersions(equipment, signal),
  });
}

/** What every threshold of a condition would have cost under the policy in force. */
export function useThreshold(equipment: string, mode: string) {
  return useQuery({
    queryKey: ['policies', equipment, 'threshold', mode],
    queryFn: ({ signal }) => getThreshold(equipment, mode, signal),
  });
}

export interface Tried {
  /** The document that was tried: only that one may be saved. */
  readonly policy: Policy;
  readonly preview: PolicyPreview;
}

/** Tries a draft on the stored time up to `toMs`. */
export function usePreview() {
  return useMutation({
    mutationFn: async ({
      policy,
      toMs,
      rangeMs,
    }: {
      policy: Policy;
      toMs: number;
      rangeMs: number;
    }): Promise<Tried> => ({
      policy,
      preview: await previewPolicy(policy, toMs - rangeMs, toMs, AbortSignal.timeout(PREVIEW_TIMEOUT_MS)),
    }),
  });
}

export interface Change {
  readonly policy: Policy;
  readonly after: number;
  readonly reason: string;
  readonly name: string;
}

/** Puts a draft in force. */
export function useSave() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ policy, after, reason, name }: Change) =>
      putPolicy(policy, after, reason, name, AbortSignal.timeout(TIMEOUT_MS)),
    onSuccess: (stored) => {
      queries.setQueryData(['policies', stored.equipment], stored);
      void queries.invalidateQueries({ queryKey: ['policies'], predicate: ({ queryKey }) => queryKey.length !== 2 });
    },
  });
}
