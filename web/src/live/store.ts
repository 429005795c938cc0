/**
 * What is live on this page. Fast readers (canvas, charts) are called on every event; React reads a version number that
 * changes about once a second, and with the assessments of the machine that is looked at.
 */

import type { Assessment } from '../api/types';
import { Fleet } from './fleet';
import type { Hello, LiveEvent } from './frame';
import { type Link, SILENCE_LIMIT_MS } from './staleness';
import { Stream } from './stream';

const TICK_MS = 1000;
const QUICK_TICK_MS = 250;
const HIDDEN_LIMIT_MS = 30_000;

/** Who follows a machine. */
export interface Follower {
  assessed(assessment: Assessment): void;
  /** The stream begins anew: what was judged while there was none has to be fetched. */
  opened(): void;
}

export type Changed = readonly number[] | 'all';

export class LiveStore {
  readonly fleet = new Fleet();
  readonly #stream: Stream;
  readonly #draw = new Set<(changed: Changed) => void>();
  /** Who wants which machine's assessments. */
  readonly #followers = new Map<Follower, string>();
  readonly #ticks = new Set<() => void>();
  readonly #alarms = new Set<() => void>();
  #latest: Assessment | null = null;
  #link: Link = { isOpen: false, lastAtMs: null, brokenAtMs: null };
  #clockOffsetMs: number | null = null;
  #machine: string | null = null;
  #version = 0;
  #tickedAt = 0;
  #begunAtMs: number | null = null;
  #hideTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.#stream = new Stream({
      opened: () => {
        this.#tellAlarms();
        for (const [follower, machine] of this.#followers) if (machine === this.#machine) follower.opened();
      },
      event: (event) => this.#take(event),
      link: (link) => this.#linked(link),
    });
  }

  /** Opens the stream and keeps it while the page is visible. Returns how to stop. */
  start(): () => void {
    const onVisibility = () => {
      clearTimeout(this.#hideTimer);
      if (document.hidden) this.#hideTimer = setTimeout(() => this.#stream.close(), HIDDEN_LIMIT_MS);
      else this.#stream.open(this.#machine);
    };
    document.addEventListener('visibilitychange', onVisibility);
    const ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#stream.open(this.#machine);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      clearInterval(ticker);
      clearTimeout(this.#hideTimer);
      this.#stream.close();
    };
  }

  /** Shows a picture from elsewhere until the stream has come. */
  begin(picture: Hello): void {
    if (this.#clockOffsetMs !== null) return;
    this.fleet.restart(picture);
    this.#begunAtMs = picture.serverTime;
    this.#tick();
  }

  /** Opens the stream before anybody shows it; resolves with its first snapshot. */
  connected(): Promise<void> {
    this.#stream.open(this.#machine);
    return new Promise((resolve) => {
      const stop = this.onTick(() => {
        if (this.fleet.size === 0) return;
        stop();
        resolve();
      });
    });
  }

  /** When the picture came with which this store began, browser clock; null without one. */
  get begunAtMs(): number | null {
    return this.#begunAtMs;
  }

  get link(): Link {
    return this.#link;
  }

  /** The snapshot that React compares; grows about once a second. */
  get version(): number {
    return this.#version;
  }

  /** The server's clock (epoch ms), measured from the stream: a wrong clock in a tablet does no harm. */
  now(): number {
    return Date.now() + (this.#clockOffsetMs ?? 0);
  }

  /** The newest whole assessment of the machine that is followed; null before the first. */
  latest(machine: string): Assessment | null {
    return this.#latest?.machine_id === machine ? this.#latest : null;
  }

  /** Whether what is shown may be old: no bytes for longer than the heartbeat allows. */
  isCut(): boolean {
    const { isOpen, lastAtMs } = this.#link;
    return !isOpen || lastAtMs === null || Date.now() - lastAtMs > SILENCE_LIMIT_MS;
  }

  onDraw(listener: (changed: Changed) => void): () => void {
    this.#draw.add(listener);
    return () => this.#draw.delete(listener);
  }

  onTick = (listener: () => void): (() => void) => {
    this.#ticks.add(listener);
    return () => this.#ticks.delete(listener);
  };

  /** Something has changed about alarms, or may have while there was no stream: they have to be asked for anew. */
  onAlarms(listener: () => void): () => void {
    this.#alarms.add(listener);
    return () => this.#alarms.delete(listener);
  }

  /** Whole assessments of one machine; the stream carries one machine's at a time, the last one asked for. */
  follow(machine: string, follower: Follower): () => void {
    this.#followers.set(follower, machine);
    this.#want(machine);
    return () => {
      this.#followers.delete(follower);
      this.#want([...this.#followers.values()].at(-1) ?? null);
    };
  }

  #want(machine: string | null): void {
    this.#machine = machine;
    if (this.#stream.isRunning) this.#stream.open(machine);
  }

  #take(event: LiveEvent): void {
    if (event.kind === 'assessment') {
      this.#latest = event.assessment;
      for (const [follower, machine] of this.#followers) {
        if (machine === event.assessment.machine_id) follower.assessed(event.assessment);
      }
      // What the page says in words must not lag behind its charts.
      if (performance.now() - this.#tickedAt > QUICK_TICK_MS) this.#tick();
    } else if (event.kind === 'alarms' || event.kind === 'resync') {
      this.#tellAlarms();
    } else if (event.kind === 'hello') {
      const isFirst = this.#clockOffsetMs === null;
      this.fleet.restart(event);
      this.#measureClock(event.serverTime);
      this.#redraw('all');
      if (isFirst) this.#tick();
    } else if (event.kind === 'frame') {
      this.fleet.apply(event);
      this.#measureClock(event.serverTime);
      this.#redraw(event.added.length > 0 ? 'all' : event.index);
    }
  }

  #tellAlarms(): void {
    for (const listener of this.#alarms) listener();
  }

  #linked(link: Link): void {
    const wasOpen = this.#link.isOpen;
    this.#link = link;
    if (wasOpen !== link.isOpen) this.#tick();
  }

  /** The sample with the least delay is the largest; a slow drift lets a stepped clock come back. */
  #measureClock(serverTime: number): void {
    const sample = serverTime - Date.now();
    if (this.#clockOffsetMs === null || sample > this.#clockOffsetMs) this.#clockOffsetMs = sample;
    else this.#clockOffsetMs += (sample - this.#clockOffsetMs) * 0.02;
  }

  #redraw(changed: Changed): void {
    for (const listener of this.#draw) listener(changed);
  }

  #tick(): void {
    this.#version += 1;
    this.#tickedAt = performance.now();
    for (const listener of this.#ticks) listener();
  }
}
