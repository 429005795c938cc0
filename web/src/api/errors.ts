/** The one error that a call to a service can end with. */

import type { FieldError, ProblemDocument } from './types';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly traceId: string | null;
  readonly fields: readonly FieldError[];
  readonly retryAfterS: number | null;

  constructor(problem: Partial<ProblemDocument> & { status: number; code: string }, retryAfterS: number | null = null) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.status = problem.status;
    this.code = problem.code;
    // All zeros means that the request was not traced: of no use to anyone.
    this.traceId = problem.trace_id && /[1-9a-f]/.test(problem.trace_id) ? problem.trace_id : null;
    this.fields = problem.errors ?? [];
    this.retryAfterS = retryAfterS;
  }
}

/** Whether trying again may help: an answer in the 400s stays what it is. */
export function mayHeal(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;
}

/** The error in an answer that is not ok; also when whoever stands between does not speak problem+json. */
export async function errorOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after'));
  const retryAfterS = Number.isFinite(wait) && wait > 0 ? wait : null;
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    const problem: ProblemDocument = await response.json();
    return new ApiError({ ...problem, status: response.status }, retryAfterS);
  }
  const { status, statusText } = response;
  return new ApiError({ status, code: `http_${status}`, detail: `${status} ${statusText}`.trim() }, retryAfterS);
}
