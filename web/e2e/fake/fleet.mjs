// A fleet of the fake server: columns of machines that change once a second, with a few abnormal ones, by a seed.

export const MODES = ['HDF', 'PWF', 'OSF', 'TWF'];

/** Uniform numbers in [0, 1) from a seed (mulberry32), so that every run shows the same fleet. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Fleet {
  /** `abnormal`: how many are predicted to fail; twice as many are stale, one in three hundred cannot be judged. */
  constructor(size, abnormal = Math.min(7, size), seed = 20200) {
    this.random = randomOf(seed);
    this.ids = Array.from({ length: size }, (_, at) => `${'LMH'[at % 3]}${10_000 + at}`);
    const every = abnormal === 0 ? Number.POSITIVE_INFINITY : Math.floor(size / abnormal);
    this.machines = this.ids.map((id, at) => {
      const fails = at % every === 0 && at / every < abnormal;
      return {
        id,
        line: `Line ${1 + (at % 8)}`,
        fails,
        mode: fails ? MODES[(at / every) % MODES.length] : null,
        state: fails || abnormal === 0 ? 0 : at % 83 === 5 ? 1 : at % 301 === 7 ? 4 : 0,
        probability: fails ? 0.9 : 0.01,
        observedAt: Date.now(),
      };
    });
  }

  /** Gives some machines a new value at `now`. */
  change(numbers, now) {
    for (const at of numbers) {
      const machine = this.machines[at];
      machine.probability = machine.fails ? 0.8 + this.random() * 0.2 : this.random() * 0.08;
      if (machine.state === 0) machine.observedAt = now;
    }
  }

  columns(numbers, now) {
    const of = (value) => numbers.map((at) => value(this.machines[at]));
    return {
      probability: of(({ probability }) => Math.round(probability * 1000)),
      condition: of(({ state, fails, mode }) => state | (fails ? 1 << 3 : 0) | ((MODES.indexOf(mode) + 1) << 5)),
      age: of(({ observedAt }) => Math.round((now - observedAt) / 100)),
    };
  }

  summary(at, now) {
    const { id, line, state, mode, fails, probability, observedAt } = this.machines[at];
    const names = ['live', 'stale', 'offline', 'never_seen', 'cannot_judge'];
    const reason = { code: 'wrong_unit_suspected', detail: '29 K', since: new Date(observedAt).toISOString() };
    return {
      machine_id: id,
      equipment: 'milling',
      product_type: id[0],
      line,
      state: names[state],
      state_reason: state === 4 ? reason : null,
      age_s: (now - observedAt) / 1000,
      last: {
        event_id: `e${at}`,
        observed_at: new Date(observedAt).toISOString(),
        failure_probability: probability,
        anomaly: false,
        anomaly_score: 0.4,
        prediction: fails ? 1 : 0,
        status: 'assessed',
        top_mode: mode,
        top_reason: { feature: 'torque', value: 62.4, unit: 'Nm', contribution: 0.4 },
      },
    };
  }
}
