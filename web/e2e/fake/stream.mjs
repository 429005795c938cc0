// The live stream of the fake server: frames ten times a second that can be stalled, cut, and replayed after a cut.

import { MODES } from './fleet.mjs';

const FRAME_MS = 100;
const KEPT_FRAMES = 600;
const EPOCH = 'fake';

export class Stream {
  /** `perSecond`: how many machines change each second, in ten frames. */
  constructor(fleet, perSecond) {
    this.fleet = fleet;
    this.perFrame = Math.max(1, Math.round(perSecond / (1000 / FRAME_MS)));
    this.clients = new Map();
    this.sequence = 0;
    this.next = 0;
    this.kept = [];
    this.sent = [];
    this.bytes = 0;
    this.isStalled = false;
    this.isRefusing = false;
    this.resumedFrom = [];
    this.timer = setInterval(() => this.isStalled || this.publish(), FRAME_MS);
  }

  open(request, response, machine) {
    if (this.isRefusing) return response.destroy();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    this.clients.set(response, machine);
    response.on('close', () => this.clients.delete(response));
    const last = Number((request.headers['last-event-id'] ?? '').split('-')[1]);
    const missed = this.kept.filter(({ sequence }) => sequence > last);
    if (Number.isInteger(last) && missed.length === this.sequence - last) {
      this.resumedFrom.push(last);
      for (const { text } of missed) response.write(text);
    } else {
      this.resumedFrom.push(null);
      response.write(this.hello());
    }
  }

  hello() {
    const all = this.fleet.ids.map((_, at) => at);
    const now = Date.now();
    const body = { sequence: this.sequence, server_time: now, machines: this.fleet.ids, modes: MODES };
    return this.text('hello', { ...body, columns: this.fleet.columns(all, now) });
  }

  /** One frame of the next machines in turn. */
  publish() {
    const size = this.fleet.ids.length;
    if (size === 0) return this.write(': heartbeat\n\n');
    const now = Date.now();
    const index = Array.from({ length: Math.min(this.perFrame, size) }, (_, step) => (this.next + step) % size);
    this.next = (this.next + index.length) % size;
    this.fleet.change(index, now);
    this.sequence += 1;
    const body = { sequence: this.sequence, server_time: now, index, ...this.fleet.columns(index, now) };
    const text = this.text('frame', body);
    this.kept.push({ sequence: this.sequence, text });
    if (this.kept.length > KEPT_FRAMES) this.kept.shift();
    this.sent.push(now);
    this.write(text);
  }

  /** A whole assessment to whoever follows that machine. */
  assess(assessment) {
    const text = `event: assessment\ndata: ${JSON.stringify(assessment)}\n\n`;
    for (const [client, machine] of this.clients) if (machine === assessment.machine_id) client.write(text);
  }

  /** Tells everybody that alarms have changed. */
  alarms(alarms) {
    this.write(`event: alarms\ndata: ${JSON.stringify({ alarms })}\n\n`);
  }

  text(event, body) {
    return `id: ${EPOCH}-${this.sequence}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`;
  }

  write(text) {
    this.bytes += Buffer.byteLength(text);
    for (const client of this.clients.keys()) client.write(text);
  }

  /** Ends every connection; with `stays` new ones are refused until `mend`. */
  cut(stays) {
    this.isRefusing = stays;
    for (const client of this.clients.keys()) client.destroy();
  }

  mend() {
    this.isRefusing = false;
  }

  close() {
    clearInterval(this.timer);
    this.cut(true);
  }
}
