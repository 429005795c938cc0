/** The services as the pages see them: real bodies, served by MSW. Tests replace single answers with `server.use`. */

import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import type { Assessment, DataHealth, MachineDetail, MachineSummary, RecentSignals } from '../api/types';
import { FakeAlarms } from './fake-alarms';
import { policyHandlers } from './fake-policies';
import celsius from './fixtures/celsius-problem.json';
import heat from './fixtures/heat-assessment.json';
import model from './fixtures/milling-model.json';
import schema from './fixtures/milling-schema.json';
import normal from './fixtures/normal-assessment.json';

export const assessments = { heat: heat as Assessment, normal: normal as Assessment };

interface StreamScript {
  readonly ids: readonly string[];
  readonly columns?: Readonly<Record<string, readonly unknown[]>>;
  readonly lastId?: string;
  /** Raw text after the hello. */
  readonly more?: string;
  /** Ends after that; else the stream stays open. */
  readonly end?: boolean;
}

/** A live stream that says hello with these machines. */
export function stream({ ids, columns = {}, lastId = 'x-1', more = '', end = false }: StreamScript) {
  const all = <T>(value: T) => ids.map(() => value);
  const hello = {
    sequence: 1,
    server_time: Date.now(),
    machines: ids,
    modes: ['HDF'],
    columns: { probability: all(0), condition: all(0), age: all(5), ...columns },
  };
  const text = ids.length === 0 ? ': heartbeat\n\n' : `id: ${lastId}\nevent: hello\ndata: ${JSON.stringify(hello)}\n\n`;
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text + more));
      if (end) controller.close();
    },
  });
  return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** A stream without machines that tells what a test wants, when it wants; alarms that have changed, unless it says. */
export function toldStream() {
  let told: ReadableStreamDefaultController<Uint8Array> | undefined;
  const say = (text: string) => told?.enqueue(new TextEncoder().encode(text));
  const handler = http.get('/gateway/stream', () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        told = controller;
        say(': heartbeat\n\n');
      },
    });
    return new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } });
  });
  return { handler, tell: (text = 'event: alarms\ndata: {"alarms":[]}\n\n') => say(text) };
}

export function summary(id: string, change: Partial<MachineSummary> = {}): MachineSummary {
  return {
    machine_id: id,
    equipment: 'milling',
    product_type: id.slice(0, 1),
    line: 'Line 1',
    state: 'live',
    state_reason: null,
    age_s: 0.5,
    last: null,
    ...change,
  };
}

export function detail(assessment: Assessment | null, change: Partial<MachineDetail> = {}): MachineDetail {
  return {
    ...summary(assessment?.machine_id ?? 'M1'),
    registered_at: '2026-11-24T00:00:00Z',
    first_seen_at: null,
    stored_readings: 1,
    dead_letters: 0,
    last_assessment: assessment,
    ...change,
  };
}

export function machineList(machines: readonly MachineSummary[]) {
  const counts = { live: machines.length, stale: 0, offline: 0, never_seen: 0, cannot_judge: 0, at_risk: 0 };
  const server_time = new Date().toISOString();
  return { machines, next_cursor: null, total: machines.length, counts, server_time };
}

export function problem(status: number, body: object) {
  return HttpResponse.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

/** A minute of history up to now. */
function timeline(id: string) {
  const times = Array.from({ length: 60 }, (_, at) => Date.now() - (60 - at) * 1000);
  const signals = Object.fromEntries(
    Object.entries(heat.signals).map(([name, value]) => [name, times.map(() => value)]),
  );
  const zeros = times.map(() => 0);
  return {
    machine_id: id,
    from: '',
    to: '',
    readings: 60,
    points: 60,
    downsampled: false,
    observed_at: times,
    failure_probability: zeros,
    anomaly_score: zeros,
    prediction: zeros,
    signals,
  };
}

/** Warm speed-poor readings fail of heat, readings in °C are refused, all others are normal. */
function judge(reading: Record<string, unknown>) {
  if (Number(reading['air_temperature']) < 255) return null;
  return Number(reading['rotational_speed']) < 1380 ? heat : normal;
}

export const modelSummary = {
  name: 'milling',
  version: model.manifest.version,
  digest: model.digest,
  equipment: 'milling',
  trained_on: model.manifest.data.source,
  rows: model.manifest.data.rows,
};

/** Readings that all say the same: those of the example, but for what is changed. */
export function recentSignals(readings: number, change: Readonly<Record<string, number>> = {}): RecentSignals {
  const all = Object.entries({ ...heat.signals, ...change });
  const signals = Object.fromEntries(all.map(([name, value]) => [name, Array<number>(readings).fill(value)]));
  return { equipment: 'milling', from: '2026-11-24T00:00:00Z', to: '2026-11-24T12:00:00Z', readings, signals };
}

/** Three live machines, one reading a second each, nothing wrong. */
export function dataHealth(change: Partial<DataHealth> = {}): DataHealth {
  const now = new Date().toISOString();
  return {
    server_time: now,
    rates: { one_minute: 3, five_minutes: 2.9 },
    backlog: { partitions: [{ topic: 'pm.assessments', partition: 0, records: 2 }], oldest_age_s: 0.2, as_of: now },
    latency: { readings: 870, p50_s: 0.12, p95_s: 0.31, p99_s: 0.5 },
    clock_skew: { ahead_s: 0, behind_s: 0.02 },
    dead_letters: [],
    machines: { live: 3, stale: 0, offline: 0, never_seen: 0, cannot_judge: 0, at_risk: 1 },
    longest_silent: [],
    ...change,
  };
}

export const server = setupServer(
  http.get('/api/schema/milling', () => HttpResponse.json(schema)),
  http.post<never, Record<string, unknown>>('/api/predict', async ({ request }) => {
    const judged = judge(await request.json());
    return judged === null ? problem(422, celsius) : HttpResponse.json(judged);
  }),
  http.post<never, Record<string, unknown>[]>('/api/predict/batch', async ({ request }) => {
    const results = (await request.json()).map((reading, index) => ({
      index,
      status: 200,
      judgement: judge(reading),
    }));
    return HttpResponse.json({ results });
  }),
  http.get('/api/models', () => HttpResponse.json({ models: [modelSummary] })),
  http.get('/api/models/:name', () => HttpResponse.json(model)),
  ...new FakeAlarms([]).handlers(),
  http.get('/gateway/data-health', () => HttpResponse.json(dataHealth())),
  http.get('/gateway/machines', () => HttpResponse.json(machineList([]))),
  http.get('/gateway/machines/:id', () => HttpResponse.json(detail(assessments.heat))),
  http.get('/gateway/machines/:id/timeline', ({ params }) => HttpResponse.json(timeline(String(params['id'])))),
  http.get('/gateway/signals/:equipment', () => HttpResponse.json(recentSignals(320))),
  http.get('/gateway/stream', () => stream({ ids: [] })),
  ...policyHandlers,
);
