/** The events of `/gateway/stream`, decoded into plain columns. Throws DecodeError for anything else. */

import { array, number, object, text, texts } from '../api/decode';
import type { Assessment } from '../api/types';

/** State codes of the stream, in the order of the gateway. */
export const State = { live: 0, stale: 1, offline: 2, neverSeen: 3, cannotJudge: 4 } as const;

/** As the gateway writes them: one whole number per machine and column. */
export interface Columns {
  /** Per mille; null when the machine never reported. */
  readonly probability: readonly (number | null)[];
  /** Bits 0 to 2 state, 3 prediction, 4 anomaly, from 5 on the place of the failure mode plus one. */
  readonly condition: readonly number[];
  /** Tenths of a second before the server's time; null when the machine never reported. */
  readonly age: readonly (number | null)[];
}

export interface Hello {
  readonly kind: 'hello';
  readonly serverTime: number;
  readonly machines: readonly string[];
  readonly modes: readonly string[];
  readonly columns: Columns;
}

export interface Frame {
  readonly kind: 'frame';
  readonly serverTime: number;
  /** Numbers of the changed machines; the columns have one entry for each. */
  readonly index: readonly number[];
  readonly columns: Columns;
  readonly added: readonly (readonly [number, string])[];
  readonly newModes: readonly string[];
}

export type LiveEvent =
  | Hello
  | Frame
  | { readonly kind: 'assessment'; readonly assessment: Assessment }
  | { readonly kind: 'alarms' }
  | { readonly kind: 'resync' };

/** The event of that name; null for names of a later version, which this one may ignore. */
export function decodeEvent(name: string, data: string): LiveEvent | null {
  switch (name) {
    case 'hello':
      return hello(JSON.parse(data));
    case 'frame':
      return frame(JSON.parse(data));
    case 'assessment':
      return { kind: 'assessment', assessment: assessment(JSON.parse(data)) };
    case 'alarms':
      return { kind: 'alarms' };
    case 'resync':
      return { kind: 'resync' };
    default:
      return null;
  }
}

function hello(value: unknown): Hello {
  const body = object(value, 'hello');
  const machines = texts(body['machines'], 'hello machines');
  const modes = texts(body['modes'], 'hello modes');
  const columns = columnsOf(object(body['columns'], 'hello columns'), machines.length);
  return { kind: 'hello', serverTime: number(body['server_time'], 'server_time'), machines, modes, columns };
}

function frame(value: unknown): Frame {
  const body = object(value, 'frame');
  const index = array(body['index'], 'frame index').map((item) => number(item, 'frame index'));
  const added = array(body['new'] ?? [], 'frame new').map((pair) => {
    const [at, id] = array(pair, 'frame new');
    return [number(at, 'frame new'), text(id, 'frame new')] as const;
  });
  return {
    kind: 'frame',
    serverTime: number(body['server_time'], 'server_time'),
    index,
    columns: columnsOf(body, index.length),
    added,
    newModes: texts(body['new_modes'] ?? [], 'frame new_modes'),
  };
}

function columnsOf(body: Readonly<Record<string, unknown>>, length: number): Columns {
  const column = (key: string) => {
    const values = array(body[key], key);
    if (values.length !== length) throw new RangeError(`${key} has ${values.length} entries instead of ${length}`);
    return values;
  };
  const maybe = (key: string) => column(key).map((value) => (value === null ? null : Number(value)));
  return { probability: maybe('probability'), condition: column('condition').map(Number), age: maybe('age') };
}

/** Written by our own gateway from the same definition as the HTTP answer; one field tells it apart from garbage. */
function assessment(value: unknown): Assessment {
  const body = object(value, 'assessment');
  number(body['failure_probability'], 'failure_probability');
  return body as unknown as Assessment;
}
