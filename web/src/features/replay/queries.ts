import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  askReplay,
  changeReplay,
  getReplay,
  getReplayDiff,
  listReplayModels,
  listReplays,
  listVersions,
} from '../../api/policies';
import { policiesQuery } from '../../api/policies-query';
import type { ReplayItem, ReplayRequest } from '../../api/types';
import { usePainted } from '../../lib/use-painted';
import type { Start } from '../../live/start';

const RUNNING_MS = 1_000;
const LIST_MS = 5_000;
const TIMEOUT_MS = 20_000;

export function isUnfinished({ state }: ReplayItem): boolean {
  return state === 'queued' || state === 'running';
}

const listQuery = queryOptions({ queryKey: ['replays'], queryFn: ({ signal }) => listReplays(signal) });

export function useReplays() {
  return useQuery({
    ...listQuery,
    refetchInterval: ({ state }) => (state.data?.replays.some(isUnfinished) ? RUNNING_MS : LIST_MS),
  });
}

function replayQuery(id: string) {
  return queryOptions({ queryKey: ['replays', id], queryFn: ({ signal }) => getReplay(id, signal) });
}

export function useReplay(id: string) {
  return useQuery({
    ...replayQuery(id),
    refetchInterval: ({ state }) => (state.data !== undefined && isUnfinished(state.data) ? RUNNING_MS : false),
  });
}

/** Whether there is anything yet that it changes. */
export function hasDiff({ state, machines_done }: ReplayItem): boolean {
  return state === 'done' || (state !== 'queued' && machines_done > 0);
}

/** What it changes. Fetched anew when the replay has moved on. */
function diffQuery({ replay_id: id, state, changed_at }: ReplayItem) {
  return queryOptions({
    queryKey: ['replays', id, 'diff', state, changed_at],
    queryFn: ({ signal }) => getReplayDiff(id, signal),
  });
}

export function useReplayDiff(item: ReplayItem) {
  return useQuery({ ...diffQuery(item), enabled: hasDiff(item), placeholderData: (before) => before });
}

export function useAsk() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: ReplayRequest) => askReplay(request, AbortSignal.timeout(TIMEOUT_MS)),
    onSuccess: (made) => {
      queries.setQueryData(['replays', made.replay_id], made);
      void queries.invalidateQueries({ queryKey: ['replays'], exact: true });
    },
  });
}

export function useChange(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (what: 'cancel' | 'resume') => changeReplay(id, what, AbortSignal.timeout(TIMEOUT_MS)),
    onSuccess: (changed) => queries.setQueryData(['replays', id], changed),
    onSettled: () => queries.invalidateQueries({ queryKey: ['replays'] }),
  });
}

/** The equipment that has a policy; the first is the installation's. */
export function useEquipment() {
  return useQuery(policiesQuery);
}

async function firstOfReplay(queries: QueryClient, id: string): Promise<void> {
  const item = await queries.fetchQuery(replayQuery(id));
  if (hasDiff(item)) await queries.prefetchQuery(diffQuery(item));
}

/** What the page shows first. */
export function firstOfReplays({ queries }: Start): Promise<unknown> {
  const id = new URLSearchParams(location.search).get('id');
  if (id !== null) return firstOfReplay(queries, id);
  return Promise.all([queries.prefetchQuery(policiesQuery), queries.prefetchQuery(listQuery)]);
}

/** What only stands in lists that are closed at first is asked for when the page is painted. */
export function usePolicyVersions(equipment: string) {
  return useQuery({
    queryKey: ['policies', equipment, 'versions'],
    queryFn: ({ signal }) => listVersions(equipment, signal),
    enabled: usePainted(),
  });
}

export function useReplayModels() {
  return useQuery({
    queryKey: ['replay-models'],
    queryFn: ({ signal }) => listReplayModels(signal),
    enabled: usePainted(),
  });
}
