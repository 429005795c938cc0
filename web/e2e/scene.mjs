// Brings a demo fleet into a state that has something to show: alarms that people are at, and a replay that has run.

import { BASE_URL } from './browser.mjs';

const DEADLINE_MS = 180_000;
/** What somebody does to the alarms that are waiting, one each, the newest last; the others are left alone. */
const DEEDS = [
  ['ack', { note: 'On my way' }],
  ['shelve', { note: 'Waiting for parts', until: new Date(Date.now() + 3_600_000).toISOString() }],
];

async function asked(path, body, headers = {}) {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  const answer = await fetch(BASE_URL + path, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function until(look, what) {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`);
}

const waiting = async () => (await asked('/gateway/alarms?state=unacknowledged&overlay=none&limit=50')).alarms;

/** Waits for enough alarms, then acknowledges one, shelves one, and says what was found about both. */
export async function workOnAlarms() {
  const alarms = await until(async () => {
    const found = await waiting();
    return found.length > DEEDS.length ? found : null;
  }, 'alarms that wait for somebody');
  for (const [at, [action, body]] of DEEDS.entries()) {
    const { alarm_id, version } = alarms.at(-1 - at);
    await asked(`/gateway/alarms/${alarm_id}/${action}`, { actor: 'Ann', ...body }, { 'if-match': `"${version}"` });
  }
  const [{ alarm_id }] = (await asked('/gateway/alarms?open=any&state=acknowledged')).alarms;
  await asked(`/gateway/alarms/${alarm_id}/verdict`, { actor: 'Ann', finding: 'confirmed', note: 'fan was stuck' });
}

/** An alarm that nobody has looked at; else any. */
export async function anAlarm() {
  const [first] = [...(await waiting()), ...(await asked('/gateway/alarms?open=any&sort=raised')).alarms];
  return first;
}

/** The id of a replay of the last ten minutes, once it is done. */
export async function aReplay() {
  const to = new Date();
  const from = new Date(to.getTime() - 600_000);
  const body = { actor: 'Ann', equipment: 'milling', from, to, note: 'The last ten minutes again' };
  const { replay_id } = await asked('/gateway/replays', body);
  await until(async () => {
    const { state } = await asked(`/gateway/replays/${replay_id}`);
    if (state === 'failed') throw new Error(`replay ${replay_id} failed`);
    return state === 'done' ? replay_id : null;
  }, 'a replay');
  return replay_id;
}
