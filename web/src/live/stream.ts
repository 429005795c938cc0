/** Keeps one connection to `/gateway/stream` alive: reads events, notices silence, resumes where it was cut. */

import { DecodeError } from '../api/decode';
import { atBase } from '../lib/base-path';
import { decodeEvent, type LiveEvent } from './frame';
import { SseParser } from './sse';
import { type Link, retryDelayMs, SILENCE_LIMIT_MS } from './staleness';

interface Listener {
  /** A new connection stands. What happened before it came from the older one, or is missing. */
  opened(): void;
  event(event: LiveEvent): void;
  link(link: Link): void;
}

class Refused extends Error {
  readonly retryAfterS: number | null;

  constructor(response: Response) {
    super(`the stream answered ${response.status}`);
    const wait = Number(response.headers.get('retry-after'));
    this.retryAfterS = Number.isFinite(wait) && wait > 0 ? wait : null;
  }
}

/** The connection ended, was aborted for its silence, or never came to be. */
class Lost extends Error {}

function lost(cause: unknown): never {
  throw new Lost('the stream was lost', { cause });
}

export class Stream {
  readonly #listener: Listener;
  #link: Link = { isOpen: false, lastAtMs: null, brokenAtMs: null };
  #stop: AbortController | null = null;
  #lastId: string | null = null;
  #machine: string | null = null;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get isRunning(): boolean {
    return this.#stop !== null;
  }

  /** Opens the stream, or opens it anew when another machine's assessments are wanted. */
  open(machine: string | null): void {
    if (this.isRunning && machine === this.#machine) return;
    this.close();
    this.#machine = machine;
    const stop = new AbortController();
    this.#stop = stop;
    void this.#run(stop.signal);
  }

  close(): void {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      let retryAfterS: number | null = null;
      try {
        await this.#read(signal, () => {
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) return;
        // Whatever was wrong with the connection or a frame, the cure is the same: connect again. After a frame that
        // does not fit, from the beginning. Anything else is a mistake of ours, and must not go unseen.
        if (error instanceof Refused) retryAfterS = error.retryAfterS;
        else if (isUnreadable(error)) this.#lastId = null;
        else if (!(error instanceof Lost)) reportError(error);
      }
      if (signal.aborted) return;
      failures += 1;
      this.#report({ isOpen: false, brokenAtMs: this.#link.brokenAtMs ?? Date.now() });
      await pause(retryDelayMs(failures, retryAfterS), signal);
    }
  }

  /** Reads until the connection ends, fails, or has been silent for too long. */
  async #read(signal: AbortSignal, onEvent: () => void): Promise<void> {
    const silence = new AbortController();
    const connection = AbortSignal.any([signal, silence.signal]);
    let alarm = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
    try {
      const opening = fetch(this.#url(), {
        headers: { accept: 'text/event-stream', ...(this.#lastId !== null && { 'last-event-id': this.#lastId }) },
        cache: 'no-store',
        signal: connection,
      });
      const response = await opening.catch(lost);
      if (!response.ok || response.body === null) throw new Refused(response);
      this.#listener.opened();
      const parser = new SseParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read().catch(lost);
        if (done || signal.aborted) return;
        clearTimeout(alarm);
        alarm = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
        this.#report({ isOpen: true, lastAtMs: Date.now(), brokenAtMs: null });
        for (const event of parser.push(value)) {
          this.#deliver(event.name, event.data, event.id);
          onEvent();
        }
      }
    } finally {
      clearTimeout(alarm);
      silence.abort();
    }
  }

  #deliver(name: string, data: string, id: string | null): void {
    const event = decodeEvent(name, data);
    if (event === null) return;
    this.#lastId = event.kind === 'resync' ? null : id;
    this.#listener.event(event);
  }

  #url(): string {
    const query = this.#machine === null ? '' : `?machine=${encodeURIComponent(this.#machine)}`;
    return atBase(`/gateway/stream${query}`);
  }

  #report(change: Partial<Link>): void {
    this.#link = { ...this.#link, ...change };
    this.#listener.link(this.#link);
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof DecodeError || error instanceof RangeError || error instanceof SyntaxError;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
