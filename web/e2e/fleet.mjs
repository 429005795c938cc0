// Asks the gateway, as any client may, which machine has something to show.

import { BASE_URL } from './browser.mjs';

/** The id of a machine that is predicted to fail; waits for one up to `deadlineMs`. */
export async function failingMachine(deadlineMs) {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const answer = await fetch(`${BASE_URL}/gateway/machines?sort=-probability&limit=1`);
    const [first] = (await answer.json()).machines;
    if (first?.last?.prediction === 1) return first.machine_id;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`no machine of the fleet was predicted to fail within ${deadlineMs / 1000} s`);
}
