/** Alarm policies and replays of the gateway. */

import { call, post } from './client';
import {
  POLICIES,
  policyPath,
  REPLAY_MODELS,
  REPLAYS,
  replayDiffPath,
  replayPath,
  replaysPath,
  versionsPath,
} from './paths';
import type {
  Policy,
  PolicyDetail,
  PolicyList,
  PolicyPreview,
  PolicyVersions,
  ReplayDiff,
  ReplayItem,
  ReplayModels,
  ReplayPage,
  ReplayRequest,
  ThresholdChoice,
} from './types';

export function listPolicies(signal: AbortSignal): Promise<PolicyList> {
  return call(POLICIES, { signal });
}

export function getPolicy(equipment: string, signal: AbortSignal): Promise<PolicyDetail> {
  return call(policyPath(equipment), { signal });
}

export function listVersions(equipment: string, signal: AbortSignal): Promise<PolicyVersions> {
  return call(versionsPath(equipment), { signal });
}

export function getVersion(equipment: string, version: number, signal: AbortSignal): Promise<PolicyDetail> {
  return call(`${policyPath(equipment)}/versions/${version}`, { signal });
}

/** Both policies on the stored readings between the instants (epoch ms). */
export function previewPolicy(
  policy: Policy,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<PolicyPreview> {
  const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  return post(`${policyPath(policy.equipment)}/preview`, { policy, ...range }, signal);
}

/** Puts a new version in force, after version `after`; 409 when somebody was faster. */
export function putPolicy(
  policy: Policy,
  after: number,
  reason: string,
  actor: string,
  signal: AbortSignal,
): Promise<PolicyDetail> {
  return call(policyPath(policy.equipment), {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': `"${after}"` },
    body: JSON.stringify({ policy, reason, actor }),
    signal,
  });
}

export function getThreshold(equipment: string, mode: string, signal: AbortSignal): Promise<ThresholdChoice> {
  return call(`${policyPath(equipment)}/thresholds/${encodeURIComponent(mode)}`, { signal });
}

export function listReplays(signal: AbortSignal): Promise<ReplayPage> {
  return call(replaysPath(), { signal });
}

export function getReplay(id: string, signal: AbortSignal): Promise<ReplayItem> {
  return call(replayPath(id), { signal });
}

export function askReplay(request: ReplayRequest, signal: AbortSignal): Promise<ReplayItem> {
  return post(REPLAYS, request, signal);
}

export function changeReplay(id: string, what: 'cancel' | 'resume', signal: AbortSignal): Promise<ReplayItem> {
  return call(`${replayPath(id)}/${what}`, { method: 'POST', signal });
}

export function getReplayDiff(id: string, signal: AbortSignal): Promise<ReplayDiff> {
  return call(replayDiffPath(id), { signal });
}

/** Models that inference can score a replay with, the live one first. */
export function listReplayModels(signal: AbortSignal): Promise<ReplayModels> {
  return call(REPLAY_MODELS, { signal });
}
