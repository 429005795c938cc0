/** What the profile says about a reading, read from its JSON Schema: signals, modes, rules, presets, product types. */

import { array, type Json, number, object, range, text, texts } from './decode';

export interface SignalSpec {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly decimals: number;
  readonly plausible: readonly [number, number];
  readonly envelope: readonly [number, number];
  readonly normal: readonly [number, number];
}

export interface ModeSpec {
  readonly name: string;
  readonly title: string;
  readonly limit: string;
  /** 1 stop now, 2 this shift, 3 plan. */
  readonly priority: 1 | 2 | 3;
  readonly causes: readonly string[];
  readonly check: readonly string[];
  readonly act: readonly string[];
}

export interface FeatureSpec {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly cause: string;
}

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly machineId: string | null;
  readonly values: Readonly<Record<string, number>>;
}

export interface ReadingSchema {
  readonly signals: readonly SignalSpec[];
  readonly modes: readonly ModeSpec[];
  readonly features: readonly FeatureSpec[];
  readonly presets: readonly Preset[];
  readonly productTypes: readonly string[];
}

/** The schema in a form that pages can use. Throws DecodeError when it is not one of ours. */
export function readingSchema(body: unknown): ReadingSchema {
  const root = object(body, 'schema');
  const properties = object(root['properties'], 'properties');
  return {
    signals: Object.entries(properties)
      .filter(([, property]) => 'x-unit' in object(property, 'property'))
      .map(([name, property]) => signal(name, object(property, name))),
    modes: items(root, 'x-modes').map(mode),
    features: items(root, 'x-features').map(feature),
    presets: items(root, 'x-presets').map(preset),
    productTypes: productTypes(root['x-product-types']),
  };
}

function items(root: Json, key: string): Json[] {
  return array(root[key], key).map((item) => object(item, key));
}

function signal(name: string, property: Json): SignalSpec {
  return {
    name,
    title: text(property['title'], `${name} title`),
    unit: text(property['x-unit'], `${name} x-unit`),
    decimals: number(property['x-decimals'], `${name} x-decimals`),
    plausible: [number(property['minimum'], `${name} minimum`), number(property['maximum'], `${name} maximum`)],
    envelope: range(property['x-envelope'], `${name} x-envelope`),
    normal: range(property['x-normal'], `${name} x-normal`),
  };
}

function mode(item: Json): ModeSpec {
  const playbook = object(item['playbook'] ?? {}, 'playbook');
  const priority = item['priority'];
  return {
    name: text(item['name'], 'mode name'),
    title: text(item['title'], 'mode title'),
    limit: text(item['limit'], 'mode limit'),
    priority: priority === 2 || priority === 3 ? priority : 1,
    causes: texts(item['causes'] ?? [], 'mode causes'),
    check: texts(playbook['check'] ?? [], 'playbook check'),
    act: texts(playbook['act'] ?? [], 'playbook act'),
  };
}

function feature(item: Json): FeatureSpec {
  return {
    name: text(item['name'], 'feature name'),
    title: text(item['title'], 'feature title'),
    unit: text(item['unit'] ?? '', 'feature unit'),
    cause: text(item['cause'] ?? '', 'feature cause'),
  };
}

function preset(item: Json): Preset {
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(object(item['values'], 'preset values'))) {
    if (typeof value === 'number') values[key] = value;
  }
  const machineId = item['machine_id'] ?? object(item['values'], 'preset values')['machine_id'];
  return {
    name: text(item['name'], 'preset name'),
    title: text(item['title'], 'preset title'),
    machineId: typeof machineId === 'string' ? machineId : null,
    values,
  };
}

/** A list of names, of `{name}` objects, or a mapping from name to title. */
function productTypes(value: unknown): string[] {
  if (!Array.isArray(value)) return Object.keys(object(value, 'x-product-types'));
  return value.map((item) => (typeof item === 'string' ? item : text(object(item, 'type')['name'], 'type name')));
}
