/** The newest word of every machine in typed arrays, by the machine's number on the stream. No React in here. */

import { type Columns, type Frame, type Hello, State } from './frame';

const FIRST_CAPACITY = 256;

export class Fleet {
  #ids: string[] = [];
  #numbers = new Map<string, number>();
  #modes: (string | null)[] = [];
  failureProbability = new Float32Array(FIRST_CAPACITY);
  state = new Uint8Array(FIRST_CAPACITY);
  prediction = new Uint8Array(FIRST_CAPACITY);
  anomaly = new Uint8Array(FIRST_CAPACITY);
  /** Epoch ms, server clock; 0 = never. */
  observedAt = new Float64Array(FIRST_CAPACITY);

  get size(): number {
    return this.#ids.length;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  idOf(at: number): string {
    return this.#ids[at] ?? '';
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  topMode(at: number): string | null {
    return this.#modes[at] ?? null;
  }

  /** Replaces everything. */
  restart(hello: Hello): void {
    this.#ids = [];
    this.#numbers = new Map();
    this.#modes = [];
    hello.machines.forEach((id, at) => {
      this.#name(at, id);
    });
    this.#write(
      hello.machines.map((_, at) => at),
      hello.columns,
    );
  }

  /** Applies a delta. A number that was never named is a gap in the stream: RangeError, the caller starts over. */
  apply(frame: Frame): void {
    for (const [at, id] of frame.added) this.#name(at, id);
    for (const at of frame.index) {
      if (this.#ids[at] === undefined) throw new RangeError(`machine number ${at} is unknown`);
    }
    this.#write(frame.index, frame.columns);
  }

  #name(at: number, id: string): void {
    this.#grow(at + 1);
    this.#ids[at] = id;
    this.#numbers.set(id, at);
    this.state[at] = State.neverSeen;
  }

  #write(index: readonly number[], columns: Columns): void {
    index.forEach((at, row) => {
      this.failureProbability[at] = columns.failureProbability[row] ?? 0;
      this.state[at] = columns.state[row] ?? State.neverSeen;
      this.prediction[at] = columns.prediction[row] ?? 0;
      this.anomaly[at] = columns.anomaly[row] ?? 0;
      this.observedAt[at] = columns.observedAt[row] ?? 0;
      this.#modes[at] = columns.topMode[row] ?? null;
    });
  }

  #grow(size: number): void {
    if (size <= this.state.length) return;
    const capacity = Math.max(size, this.state.length * 2);
    const grown = <T extends Float32Array | Float64Array | Uint8Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.failureProbability = grown(new Float32Array(capacity), this.failureProbability);
    this.state = grown(new Uint8Array(capacity), this.state);
    this.prediction = grown(new Uint8Array(capacity), this.prediction);
    this.anomaly = grown(new Uint8Array(capacity), this.anomaly);
    this.observedAt = grown(new Float64Array(capacity), this.observedAt);
  }
}
