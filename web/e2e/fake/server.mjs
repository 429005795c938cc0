// Made-up answers of the services before the pages in their own Nginx. It can be told to be loading, empty, failing or
// full, and its stream can be stalled and cut. Loopback only.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pass } from '../edge.mjs';
import { startWeb } from '../nginx.mjs';
import { Alarms } from './alarms.mjs';
import { Fleet } from './fleet.mjs';
import { policyBody } from './policies.mjs';
import { Stream } from './stream.mjs';

const WEB = new URL('../../', import.meta.url).pathname;
const fixture = (name) => JSON.parse(readFileSync(join(WEB, 'src/test/fixtures', `${name}.json`), 'utf8'));
const heat = fixture('heat-assessment');
const normal = fixture('normal-assessment');
const schema = fixture('milling-schema');
const model = fixture('milling-model');
/** `basePath`: where the application lies, such as `/plant-a/`. */
export async function startFake({ machines = 50, perSecond = machines, abnormal, points = 600, basePath = '/' } = {}) {
  const fake = new Fake(new Fleet(machines, abnormal), perSecond, points);
  fake.web = await startWeb(basePath);
  fake.basePath = basePath;
  await new Promise((done) => fake.server.listen(0, '127.0.0.1', done));
  fake.url = `http://127.0.0.1:${fake.server.address().port}`;
  return fake;
}

class Fake {
  constructor(fleet, perSecond, points) {
    this.fleet = fleet;
    this.points = points;
    this.stream = new Stream(fleet, perSecond);
    this.alarms = new Alarms(fleet, (changed) => this.stream.alarms(changed));
    /** `full`, `loading` (no answer comes), `empty`, `error` (503 for everything). */
    this.state = 'full';
    this.server = createServer((request, response) => {
      response.isCompressed = request.method === 'GET' && /gzip/.test(request.headers['accept-encoding'] ?? '');
      this.answer(request, response);
    });
  }

  close() {
    this.stream.close();
    this.server.closeAllConnections();
    return Promise.all([this.web.close(), new Promise((done) => this.server.close(done))]);
  }

  answer(request, response) {
    const url = new URL(request.url, 'http://fake');
    if (url.pathname.startsWith(this.basePath)) url.pathname = url.pathname.slice(this.basePath.length - 1);
    if (!/^\/(api|gateway|ingest)\//.test(url.pathname)) return pass(request, response, this.web.url);
    if (this.state === 'loading') return undefined;
    if (this.state === 'error') {
      const detail = 'The store is away.';
      const body = { status: 503, code: 'store_unavailable', title: 'Away', detail, trace_id: 'ab'.repeat(16) };
      return this.json(response, body, 503, 'application/problem+json');
    }
    if (url.pathname === '/gateway/stream') return this.stream.open(request, response, url.searchParams.get('machine'));
    if (url.pathname === '/api/predict') return this.json(response, { ...heat, observed_at: new Date() });
    if (url.pathname === '/api/predict/batch') return this.batch(request, response);
    if (url.pathname.startsWith('/api/schema/')) return this.json(response, schema);
    if (url.pathname === '/api/models') return this.json(response, { models: this.state === 'empty' ? [] : [MODEL] });
    if (url.pathname.startsWith('/api/models/')) return this.json(response, model);
    if (url.pathname.startsWith('/gateway/alarms')) {
      const assessment = (id) => this.assessment(id, Date.now());
      const [status, body] = this.alarms.answer(url, request.method, assessment, this.state === 'empty');
      return this.json(response, body, status, status === 200 ? undefined : 'application/problem+json');
    }
    if (url.pathname.startsWith('/gateway/signals/')) return this.json(response, this.signals());
    if (url.pathname === '/gateway/data-health') return this.json(response, this.dataHealth());
    const body = policyBody(url.pathname, this.state === 'empty');
    return body === null ? this.machines(url, response) : this.json(response, body);
  }

  machines(url, response) {
    const now = Date.now();
    const [, , , id, what] = url.pathname.split('/');
    if (id === undefined) return this.json(response, this.list(url.searchParams, now));
    if (what === 'timeline') return this.json(response, this.timeline(id, url.searchParams));
    const at = this.fleet.ids.indexOf(decodeURIComponent(id));
    if (at < 0) {
      const body = { status: 404, code: 'unknown_machine', title: 'Unknown', detail: 'No machine has this id.' };
      return this.json(response, body, 404, 'application/problem+json');
    }
    const facts = { registered_at: new Date(0), first_seen_at: null, stored_readings: 1, dead_letters: 0 };
    const last = this.state === 'empty' ? null : this.assessment(this.fleet.ids[at], now);
    return this.json(response, { ...this.fleet.summary(at, now), ...facts, last_assessment: last });
  }

  list(query, now) {
    const limit = Number(query.get('limit') ?? 100);
    const from = Number(query.get('cursor') ?? 0);
    const isBySeverity = query.get('sort') === '-probability';
    const wanted = query.get('state');
    const all = this.fleet.machines.map((_, at) => at).filter((at) => !wanted || this.fleet.machines[at].state === 4);
    if (isBySeverity) {
      all.sort((a, b) => this.fleet.machines[b].probability - this.fleet.machines[a].probability);
    }
    const next = from + limit < all.length ? String(from + limit) : null;
    return {
      machines: all.slice(from, from + limit).map((at) => this.fleet.summary(at, now)),
      next_cursor: next,
      total: all.length,
      counts: { live: all.length, stale: 0, offline: 0, never_seen: 0, cannot_judge: 0, at_risk: 0 },
      server_time: new Date(now),
    };
  }

  /** A heat fault that moves a little with time, so that charts have something to draw. */
  assessment(id, now) {
    const wave = Math.sin(now / 7000);
    const signals = { ...heat.signals, torque: 60 + wave * 4, rotational_speed: 1340 + wave * 20 };
    return { ...heat, machine_id: id, event_id: `${id}-${now}`, observed_at: new Date(now).toISOString(), signals };
  }

  timeline(id, query) {
    const [from, to] = [Date.parse(query.get('from')), Date.parse(query.get('to'))];
    const count = this.state === 'empty' ? 0 : Math.min(this.points, Number(query.get('max_points')));
    const times = Array.from({ length: count }, (_, at) => Math.round(from + ((to - from) * at) / count));
    const readings = times.map((time) => this.assessment(id, time));
    const names = Object.keys(heat.signals);
    return {
      machine_id: id,
      from: new Date(from),
      to: new Date(to),
      readings: count,
      points: count,
      downsampled: false,
      observed_at: times,
      failure_probability: readings.map(({ failure_probability }) => failure_probability),
      anomaly_score: readings.map(({ anomaly_score }) => anomaly_score),
      prediction: readings.map(({ prediction }) => prediction),
      signals: Object.fromEntries(names.map((name) => [name, readings.map(({ signals }) => signals[name])])),
    };
  }

  /** Readings as in training but for one signal, which has drifted. */
  signals() {
    const count = this.state === 'empty' ? 320 : 1_000;
    const now = Date.now();
    const { reference, signals } = model.manifest;
    const column = (name, at) => {
      const { edges, counts } = reference.find(({ feature }) => feature === name);
      const upTo = counts.map((_, bin) => counts.slice(0, bin + 1).reduce((sum, one) => sum + one, 0));
      const [total, shift] = [upTo.at(-1), at === 0 ? 3 : 0];
      return Array.from({ length: count }, (_, row) => {
        const wanted = ((row + 0.5) / count) * total;
        const bin = upTo.findIndex((sum) => wanted < sum);
        return Math.round((edges[bin] + edges[bin + 1]) * 50) / 100 + shift;
      });
    };
    return {
      equipment: 'milling',
      from: new Date(now - 86_400_000),
      to: new Date(now),
      readings: count,
      signals: Object.fromEntries(signals.map((name, at) => [name, column(name, at)])),
    };
  }

  dataHealth() {
    const now = Date.now();
    const sample = {
      id: 'a',
      origin: 'pm.readings/0@17',
      detail: 'air_temperature 29 K',
      service: 'inference',
      machine_id: 'M1',
    };
    const refused = { refused_at: new Date(now), value_start: '{"air_temperature":29}' };
    const letters = [
      {
        code: 'wrong_unit_suspected',
        count: 3,
        open: 3,
        redriven: 0,
        last_at: new Date(now),
        samples: [{ ...sample, ...refused }],
      },
    ];
    const isEmpty = this.state === 'empty';
    const silent = this.fleet.machines.map((_, at) => at).filter((at) => this.fleet.machines[at].state === 1);
    const live = isEmpty ? 0 : this.fleet.ids.length;
    return {
      server_time: new Date(now),
      rates: { one_minute: live, five_minutes: live },
      backlog: {
        partitions: [{ topic: 'pm.assessments', partition: 0, records: 4 }],
        oldest_age_s: 0.1,
        as_of: new Date(),
      },
      latency: {
        readings: live * 300,
        p50_s: isEmpty ? null : 0.1,
        p95_s: isEmpty ? null : 0.3,
        p99_s: isEmpty ? null : 0.5,
      },
      clock_skew: { ahead_s: 0, behind_s: 0.1 },
      dead_letters: isEmpty ? [] : letters,
      machines: { live, stale: isEmpty ? 0 : silent.length, offline: 0, never_seen: 0, cannot_judge: 0, at_risk: 0 },
      longest_silent: isEmpty ? [] : silent.slice(0, 10).map((at) => this.fleet.summary(at, now)),
    };
  }

  async batch(request, response) {
    let body = '';
    for await (const part of request) body += part;
    const results = JSON.parse(body).map(({ torque }, index) => {
      const { anomaly, failure_probability, prediction } = torque > 50 ? heat : normal;
      return { index, status: 200, judgement: { anomaly, failure_probability, prediction } };
    });
    this.json(response, { results });
  }

  /** As the services do: what is read is compressed where it is long. */
  json(response, body, status = 200, type = 'application/json') {
    const text = JSON.stringify(body);
    const isCompressed = response.isCompressed && text.length >= 1_400;
    response.writeHead(status, { 'content-type': type, ...(isCompressed && { 'content-encoding': 'gzip' }) });
    response.end(isCompressed ? gzipSync(text, { level: 4 }) : text);
  }
}

const MODEL = {
  name: 'milling',
  version: model.manifest.version,
  digest: model.digest,
  equipment: 'milling',
  trained_on: model.manifest.data.source,
  rows: model.manifest.data.rows,
};
