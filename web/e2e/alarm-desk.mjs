// A machine starts overstraining → queue → why → acknowledge → verdict → the track record has changed; by mouse, then by
// keyboard alone, on a running server with a demo fleet: BASE_URL=http://… node e2e/alarm-desk.mjs

import { violations } from './axe.mjs';
import { BASE_URL, launch, openPage } from './browser.mjs';
import { startEdge } from './edge.mjs';
import { alarmOf, Machine, noteByOther, strainAlarm } from './overstrain.mjs';

const PATIENCE_MS = 60_000;
const results = { passed: 0, failed: 0 };

function check(name, holds, detail = '') {
  results[holds ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${name}${holds || detail === '' ? '' : `: ${detail}`}\n`);
}

const record = (page) => page.getByRole('region', { name: 'Track record' });
const recordLine = async (page) => (await record(page).locator('p').first().textContent()).trim();
const why = (page) => page.getByText(/Mostly because of/).first();

/** By mouse, with somebody else at the same alarm: who was faster is told, and then it is done all the same. */
async function byMouse(page, machine, alarm) {
  await page.locator(`[data-queue] a[href="/machines/${machine.id}"]`).click();
  await why(page).waitFor();
  check('the cause is one click from the queue', /strain|torque|wear/i.test(await why(page).textContent()));
  const row = page.locator(`[data-alarm="${alarm.alarm_id}"]`);
  await row.getByRole('button', { name: /^Acknowledge/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your name').fill('Ann');
  await noteByOther(await alarmOf(alarm.alarm_id), 'Ben');
  await dialog.getByRole('button', { name: 'On my way' }).click();
  await page.getByText(/Somebody was faster: noted by Ben at \d/).waitFor();
  check('a conflict says who and when', (await alarmOf(alarm.alarm_id)).acknowledged_at === null);
  await page.getByRole('button', { name: 'Do it all the same' }).click();
  await dialog.getByRole('button', { name: 'On my way' }).click();
  await page.getByText(/^Acknowledged: /).waitFor();
  const said = (await alarmOf(alarm.alarm_id)).transitions.find(({ kind }) => kind === 'acknowledged');
  check(
    'acknowledged by who said so, with the note',
    `${said?.actor} ${said?.reason}` === 'Ann On my way',
    said?.reason,
  );

  await row.getByRole('link').click();
  await record(page).waitFor();
  const before = await recordLine(page);
  await page.getByRole('button', { name: 'Verdict' }).click();
  await dialog.getByLabel('was right').check();
  await dialog.getByRole('button', { name: 'Verdict' }).click();
  await page.getByText(/^Verdict given: /).waitFor();
  await page.waitForFunction((line) => !document.querySelector('main').textContent.includes(line), before);
  check('the track record has changed with the verdict', /1 of 1/.test(await recordLine(page)), await recordLine(page));
  const found = await violations(page);
  check('an alarm that was worked on has no axe violation', found.length === 0, found.join('; '));
}

/** By keyboard alone, from the fleet on; how many keys it took to acknowledge. */
async function byKeyboard(page, machine, alarm, fleetUrl) {
  await page.goto(fleetUrl);
  const link = page.locator(`[data-queue] a[href="/machines/${machine.id}"]`);
  await link.waitFor();
  let keys = 0;
  const press = async (key) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  do await press('j');
  while (!(await link.evaluate((element) => element === document.activeElement)) && keys < 20);
  await press('Enter');
  await why(page).waitFor();
  await page.locator(`[data-alarm="${alarm.alarm_id}"]`).waitFor();
  await press('a');
  await page.getByRole('dialog').waitFor();
  await press('Enter');
  await page.getByText(/^Acknowledged: /).waitFor();
  check('at most eight keys from the fleet to acknowledged', keys <= 8, `${keys} keys`);
  process.stdout.write(`     ${keys} keys\n`);
  check('the gateway has it', (await alarmOf(alarm.alarm_id)).acknowledged_at !== null);

  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/alarms/${alarm.alarm_id}`);
  await record(page).waitFor();
  const before = await recordLine(page);
  await page.keyboard.press('v');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.getByText(/^Verdict given: /).waitFor();
  await page.waitForFunction((line) => !document.querySelector('main').textContent.includes(line), before);
  check('the track record has changed again', /2 of 2/.test(await recordLine(page)), await recordLine(page));
  const { verdict, track_record } = await alarmOf(alarm.alarm_id);
  check('the gateway counts both', verdict.finding === 'confirmed' && track_record.record.real === 2);
}

const machines = [new Machine('L90001'), new Machine('L90002')];
const browser = await launch();
const edge = await startEdge(BASE_URL);
try {
  const { page, faults } = await openPage(browser);
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(edge.url);
  await page.waitForSelector('canvas');
  const [first, second] = machines;
  first.overstrain();
  const alarm = await strainAlarm(first.id, PATIENCE_MS);
  await byMouse(page, first, alarm);
  second.overstrain();
  await byKeyboard(page, second, await strainAlarm(second.id, PATIENCE_MS), edge.url);

  await page.goto(`${edge.url}/alarms?tab=acknowledged`);
  const row = page.locator('[data-alarm]', { hasText: first.id }).first();
  await row.waitFor();
  check('the desk shows the track record on each alarm', /2 of 2 were real/.test(await row.textContent()));
  await row.getByRole('link').click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Decision record' }).click();
  const name = (await download).suggestedFilename();
  check('the decision record is saved', /^alarm-L90001-OSF-.*\.json$/.test(name), name);
  const made = faults.filter((fault) => !/Failed to load resource.*409/.test(fault));
  check('no console error and no CSP violation', made.length === 0, made.join('\n'));
  check(
    'every reading was accepted',
    machines.every(({ refused }) => refused.length === 0),
    machines[0].refused[0],
  );
} finally {
  for (const machine of machines) machine.stop();
  await browser.close();
  await edge.close();
}
process.stdout.write(`${results.passed} passed, ${results.failed} failed\n`);
process.exitCode = results.failed === 0 ? 0 : 1;
