/**
 * Server-sent events out of a fetch stream. Unlike EventSource it sees the heartbeat comments, so that a connection
 * that hangs is noticed, and the status of a refused connection.
 */

export interface SseEvent {
  readonly name: string;
  readonly data: string;
  /** The `id:` that was in force when the event ended. */
  readonly id: string | null;
}

/** Collects text as it arrives and gives back whole events. Lines may end in LF, CRLF or CR. */
export class SseParser {
  #rest = '';
  #name = '';
  #data: string[] = [];
  #id: string | null = null;

  push(chunk: string): SseEvent[] {
    const text = this.#rest + chunk;
    // A CR at the very end may be half of a CRLF: keep it for the next chunk.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + text.slice(end);
    const events: SseEvent[] = [];
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #line(line: string): SseEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#name = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    return null;
  }

  #dispatch(): SseEvent | null {
    const event = { name: this.#name || 'message', data: this.#data.join('\n'), id: this.#id };
    const isEmpty = this.#data.length === 0 && this.#name === '';
    this.#name = '';
    this.#data = [];
    return isEmpty ? null : event;
  }
}
