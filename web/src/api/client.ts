/** One way to call a service: JSON in, JSON out, an ApiError for everything else. Aborts pass through untouched. */

import { atBase } from '../lib/base-path';
import { takeEarly } from './early';
import { ApiError, errorOf } from './errors';
import { inLane } from './lanes';
import {
  DATA_HEALTH,
  FIRST,
  MODELS,
  machinePath,
  machinesPath,
  modelPath,
  type Query,
  schemaPath,
  signalsPath,
  withQuery,
} from './paths';
import type {
  Assessment,
  BatchAnswer,
  DataHealth,
  MachineDetail,
  MachineList,
  MachineSummary,
  ModelDetail,
  ModelList,
  RecentSignals,
  RedriveAnswer,
  Timeline,
} from './types';

async function answer(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await ((init.method === undefined && takeEarly(path)) || fetch(atBase(path), init));
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: 'network', detail: error instanceof Error ? error.message : String(error) });
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

/** What changes something goes at once; questions take turns. */
export async function call<T>(path: string, init: RequestInit): Promise<T> {
  const ask = async () => (await answer(path, init)).json();
  return init.method === undefined ? inLane(ask, init.signal) : ask();
}

/** The bytes as sent, for what is saved and not shown. */
export async function callBlob(path: string): Promise<Blob> {
  return inLane(async () => (await answer(path, {})).blob());
}

export interface ReadingBody {
  readonly machine_id: string;
  readonly [key: string]: string | number;
}

export function post<T>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
  more: Record<string, string> = {},
): Promise<T> {
  const headers = { 'content-type': 'application/json', ...more };
  return call(path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) });
}

export function predict(reading: ReadingBody, signal: AbortSignal): Promise<Assessment> {
  return post('/api/predict', reading, signal);
}

/** The three numbers of each reading, in their order; at most 1,000. */
export function predictBatch(readings: readonly ReadingBody[], signal: AbortSignal): Promise<BatchAnswer> {
  return post('/api/predict/batch', readings, signal, { prefer: 'return=minimal' });
}

/** The JSON Schema of a reading, as sent; `readingSchema` makes sense of it. */
export function getSchema(equipment: string, signal: AbortSignal): Promise<unknown> {
  return call(schemaPath(equipment), { signal });
}

export function listModels(signal: AbortSignal): Promise<ModelList> {
  return call(MODELS, { signal });
}

/** A model with its whole manifest, as sent; `modelCard` makes sense of it. */
export function getModel(name: string, signal: AbortSignal): Promise<ModelDetail> {
  return call(modelPath(name), { signal });
}

/** What the gateway can see of the flow of data. */
export function getDataHealth(signal: AbortSignal): Promise<DataHealth> {
  return call(DATA_HEALTH, { signal });
}

/** Puts the oldest open dead letters of a reason back on their topic; `key` makes a repeated request harmless. */
export function redrive(code: string, limit: number, key: string, signal: AbortSignal): Promise<RedriveAnswer> {
  return post('/gateway/dead-letters/redrive', { code, limit }, signal, { 'idempotency-key': key });
}

export function listMachines(query: Query, signal: AbortSignal): Promise<MachineList> {
  return call(machinesPath(query), { signal });
}

/** Every machine of the registry, page by page. */
export async function everyMachine(signal: AbortSignal): Promise<MachineSummary[]> {
  const machines: MachineSummary[] = [];
  let cursor: string | null = null;
  do {
    const page: MachineList = await listMachines({ ...FIRST.registry, cursor }, signal);
    machines.push(...page.machines);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return machines;
}

export function getMachine(id: string, signal: AbortSignal): Promise<MachineDetail> {
  return call(machinePath(id), { signal });
}

/** History between two instants (epoch ms), thinned by the server so that spikes survive. */
export function getTimeline(
  id: string,
  fromMs: number,
  toMs: number,
  maxPoints: number,
  signal: AbortSignal,
): Promise<Timeline> {
  const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), max_points: maxPoints };
  return call(withQuery(`${machinePath(id)}/timeline`, range), { signal });
}

/** A sample of what all machines of an equipment read in the last 24 hours. */
export function getRecentSignals(equipment: string, signal: AbortSignal): Promise<RecentSignals> {
  return call(signalsPath(equipment), { signal });
}
