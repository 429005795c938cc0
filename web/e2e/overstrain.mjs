// A machine of our own among the simulated fleet: quiet at first, then with a worn tool under too much torque.

import { BASE_URL } from './browser.mjs';

const QUIET = {
  air_temperature: 298.1,
  process_temperature: 308.6,
  rotational_speed: 1551,
  torque: 40,
  tool_wear: 190,
};
/** 190 min × 62 Nm = 11,780 min·Nm: above the 11,000 of type L, with power and cooling as they should be. */
const STRAINED = { ...QUIET, rotational_speed: 1385, torque: 62 };

export class Machine {
  constructor(id) {
    this.id = id;
    this.reading = QUIET;
    this.refused = [];
    this.timer = setInterval(() => this.post(), 1000);
  }

  async post() {
    const answer = await fetch(`${BASE_URL}/ingest/readings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ machine_id: this.id, product_type: 'L', ...this.reading }),
    });
    if (answer.status !== 202) this.refused.push(`${answer.status} ${await answer.text()}`);
  }

  overstrain() {
    this.reading = STRAINED;
  }

  stop() {
    clearInterval(this.timer);
  }
}

async function asked(path) {
  const answer = await fetch(BASE_URL + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export const alarmOf = (id) => asked(`/gateway/alarms/${id}`);

/** The machine's overstrain alarm, as soon as the gateway has raised it. */
export async function strainAlarm(machine, deadlineMs) {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const { alarms } = await asked(`/gateway/alarms?machine=${machine}&mode=OSF`);
    if (alarms.length > 0) return alarms[0];
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`no overstrain alarm of ${machine} within ${deadlineMs / 1000} s`);
}

/** Somebody else writes a note, as any client may. */
export async function noteByOther({ alarm_id, version }, actor) {
  const answer = await fetch(`${BASE_URL}/gateway/alarms/${alarm_id}/note`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'if-match': `"${version}"` },
    body: JSON.stringify({ actor, note: 'looking at it from here' }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}
