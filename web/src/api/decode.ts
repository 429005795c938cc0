/** Readers of untyped JSON: each gives the value or throws a sentence that says where it was expected. */

export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

export type Json = Readonly<Record<string, unknown>>;

export function object(value: unknown, where: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new DecodeError(`${where} is not an object`);
}

export function array(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new DecodeError(`${where} is not a list`);
}

export function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new DecodeError(`${where} is not a text`);
}

export function number(value: unknown, where: string): number {
  if (typeof value === 'number') return value;
  throw new DecodeError(`${where} is not a number`);
}

export function texts(value: unknown, where: string): string[] {
  return array(value, where).map((item) => text(item, where));
}

export function range(value: unknown, where: string): readonly [number, number] {
  const [low, high] = array(value, where);
  return [number(low, where), number(high, where)];
}
