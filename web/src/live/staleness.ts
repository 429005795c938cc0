/** How fresh the connection's data is: a pure function of when bytes last came and how long it has been broken. */

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'live'; readonly ageS: number }
  | { readonly state: 'reconnecting'; readonly ageS: number }
  | { readonly state: 'offline'; readonly lastAtMs: number | null };

/** The gateway sends at least a heartbeat every 5 s: two missed ones mean that the connection hangs. */
export const SILENCE_LIMIT_MS = 12_000;
const OFFLINE_AFTER_MS = 15_000;
/** A stream that never came: soon to be told, for what is shown is old or nothing at all. */
export const NEVER_REACHED_AFTER_MS = 2_500;

export interface Link {
  readonly isOpen: boolean;
  /** When the last data arrived, browser clock; null before the first. */
  readonly lastAtMs: number | null;
  /** Since when the connection has been broken; null while it is open. */
  readonly brokenAtMs: number | null;
}

export function connectionOf(link: Link, nowMs: number): Connection {
  const ageS = link.lastAtMs === null ? 0 : Math.max(0, nowMs - link.lastAtMs) / 1000;
  if (link.isOpen && link.lastAtMs !== null) return { state: 'live', ageS };
  const brokenForMs = link.brokenAtMs === null ? 0 : nowMs - link.brokenAtMs;
  const patienceMs = link.lastAtMs === null ? NEVER_REACHED_AFTER_MS : OFFLINE_AFTER_MS;
  if (brokenForMs > patienceMs) return { state: 'offline', lastAtMs: link.lastAtMs };
  return link.lastAtMs === null ? { state: 'connecting' } : { state: 'reconnecting', ageS };
}

/** Milliseconds to wait before the next try: 0.5 s doubling up to 8 s, the server's own wish first. */
export function retryDelayMs(failures: number, retryAfterS: number | null): number {
  if (retryAfterS !== null) return Math.min(retryAfterS, 30) * 1000;
  return Math.min(8000, 500 * 2 ** Math.max(0, failures - 1));
}
