/** What the contributions of an assessment say. Pure. */

import type { Assessment, Reason } from '../api/types';

const SHARE_WORTH_NAMING = 0.25;
const LEAST_POINTS = 0.02;

/** Strongest first, either way; what rounds to nothing is left out. */
export function notableReasons(assessment: Assessment): Reason[] {
  return assessment.reasons
    .filter((reason) => Math.abs(reason.contribution) >= 0.0005)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/** The one or two causes that raise the probability most; none when nothing raises it noticeably. */
export function mainCauses(assessment: Assessment): Reason[] {
  const raising = assessment.reasons
    .filter((reason) => reason.contribution >= LEAST_POINTS)
    .sort((a, b) => b.contribution - a.contribution);
  const [first, second] = raising;
  if (first === undefined) return [];
  return second !== undefined && second.contribution >= first.contribution * SHARE_WORTH_NAMING
    ? [first, second]
    : [first];
}
