/** Instants as `<input type="datetime-local">` has them: in the zone of the screen, to the second. Pure. */

const MINUTE_MS = 60_000;

/** `2026-11-24T14:02:11` */
export function toLocal(epochMs: number): string {
  const offsetMs = new Date(epochMs).getTimezoneOffset() * MINUTE_MS;
  return new Date(epochMs - offsetMs).toISOString().slice(0, 19);
}

/** Epoch ms; null while the field is empty or holds no instant. */
export function fromLocal(text: string): number | null {
  const ms = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isNaN(ms) ? null : ms;
}
