/** The newest word of every machine in typed arrays, by the machine's number on the stream. No React in here. */

import { type Frame, type Hello, State } from './frame';

const FIRST_CAPACITY = 256;

export class Fleet {
  #ids: string[] = [];
  #numbers = new Map<string, number>();
  /** The names of failure modes, and which of them each machine is closest to: a place plus one, 0 for none. */
  #modeNames: string[] = [];
  #modes = new Uint16Array(FIRST_CAPACITY);
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
    return this.#modeNames[(this.#modes[at] ?? 0) - 1] ?? null;
  }

  /** Replaces everything. */
  restart(hello: Hello): void {
    this.#ids = [];
    this.#numbers = new Map();
    this.#modeNames = [...hello.modes];
    hello.machines.forEach((id, at) => {
      this.#name(at, id);
    });
    this.#write(
      hello.machines.map((_, at) => at),
      hello,
    );
  }

  /** Applies a delta. A number that was never named is a gap in the stream: RangeError, the caller starts over. */
  apply(frame: Frame): void {
    for (const [at, id] of frame.added) this.#name(at, id);
    for (const at of frame.index) {
      if (this.#ids[at] === undefined) throw new RangeError(`machine number ${at} is unknown`);
    }
    this.#modeNames.push(...frame.newModes);
    this.#write(frame.index, frame);
  }

  #name(at: number, id: string): void {
    this.#grow(at + 1);
    this.#ids[at] = id;
    this.#numbers.set(id, at);
    this.state[at] = State.neverSeen;
  }

  #write(index: readonly number[], { columns, serverTime }: Hello | Frame): void {
    index.forEach((at, row) => {
      const condition = columns.condition[row] ?? State.neverSeen;
      const age = columns.age[row] ?? null;
      this.failureProbability[at] = (columns.probability[row] ?? 0) / 1000;
      this.state[at] = condition & 7;
      this.prediction[at] = (condition >> 3) & 1;
      this.anomaly[at] = (condition >> 4) & 1;
      this.#modes[at] = condition >> 5;
      this.observedAt[at] = age === null ? 0 : serverTime - age * 100;
    });
  }

  #grow(size: number): void {
    if (size <= this.state.length) return;
    const capacity = Math.max(size, this.state.length * 2);
    const grown = <T extends Float32Array | Float64Array | Uint16Array | Uint8Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.failureProbability = grown(new Float32Array(capacity), this.failureProbability);
    this.state = grown(new Uint8Array(capacity), this.state);
    this.prediction = grown(new Uint8Array(capacity), this.prediction);
    this.anomaly = grown(new Uint8Array(capacity), this.anomaly);
    this.#modes = grown(new Uint16Array(capacity), this.#modes);
    this.observedAt = grown(new Float64Array(capacity), this.observedAt);
  }
}
