/** The form's state as texts, as people type them; the reading it stands for. Pure. */

import type { ReadingBody } from '../../api/client';
import type { ApiError } from '../../api/errors';
import type { Preset, ReadingSchema } from '../../api/reading-schema';
import type { Assessment, FieldError } from '../../api/types';
import { numberOf } from '../../lib/url-state';

export interface ReadingForm {
  readonly machineId: string;
  /** Empty: taken from the machine id. */
  readonly productType: string;
  readonly values: Readonly<Record<string, string>>;
}

const ANY_MACHINE = 'M00000';

/** What the URL says; without any signal in it, the first preset. */
export function formOf(search: URLSearchParams, schema: ReadingSchema): ReadingForm {
  const [first] = schema.presets;
  if (first !== undefined && !schema.signals.some(({ name }) => search.has(name))) return formOfPreset(first);
  return {
    machineId: search.get('machine_id') ?? first?.machineId ?? ANY_MACHINE,
    productType: search.get('product_type') ?? '',
    values: Object.fromEntries(schema.signals.map(({ name }) => [name, search.get(name) ?? ''])),
  };
}

export function formOfPreset(preset: Preset): ReadingForm {
  return {
    machineId: preset.machineId ?? ANY_MACHINE,
    productType: '',
    values: Object.fromEntries(Object.entries(preset.values).map(([name, value]) => [name, String(value)])),
  };
}

/** What a machine said last. A product type that follows from its id is left to its id. */
export function formOfAssessment(assessment: Assessment, schema: ReadingSchema): ReadingForm {
  const { machine_id: machineId, product_type: type, signals } = assessment;
  return {
    machineId,
    productType: machineId.startsWith(type) ? '' : type,
    values: Object.fromEntries(
      schema.signals.map(({ name, decimals }) => {
        const value = signals[name];
        return [name, value === undefined ? '' : String(Number(value.toFixed(decimals + 2)))];
      }),
    ),
  };
}

export function urlOf(form: ReadingForm): Record<string, string | null> {
  return { machine_id: form.machineId, product_type: form.productType || null, ...form.values };
}

export function isPreset(form: ReadingForm, preset: Preset): boolean {
  return (
    form.machineId === preset.machineId &&
    form.productType === '' &&
    Object.entries(preset.values).every(([name, value]) => numberOf(form.values[name] ?? null) === value)
  );
}

/** Names of the signals whose text is no number. */
export function incomplete(form: ReadingForm, schema: ReadingSchema): string[] {
  return schema.signals.map(({ name }) => name).filter((name) => numberOf(form.values[name] ?? null) === null);
}

/** The reading to send; null while a signal is missing. */
export function readingOf(form: ReadingForm, schema: ReadingSchema): ReadingBody | null {
  if (incomplete(form, schema).length > 0 || form.machineId.trim() === '') return null;
  const body: Record<string, string | number> = {};
  for (const { name } of schema.signals) body[name] = Number(form.values[name]);
  if (form.productType !== '') body['product_type'] = form.productType;
  return { machine_id: form.machineId.trim(), ...body };
}

/** What the service says about each field, by the first part of its JSON pointer; the rest under an empty name. */
export function fieldErrors(error: ApiError): ReadonlyMap<string, FieldError[]> {
  const found = new Map<string, FieldError[]>();
  for (const field of error.fields) {
    const name = field.pointer.split('/')[1] ?? '';
    found.set(name, [...(found.get(name) ?? []), field]);
  }
  return found;
}
