// A person changes a policy, tries it on what has happened, puts it in force, and runs the last hour again, on a running
// server with a demo fleet: BASE_URL=http://… node e2e/policies.mjs

import { BASE_URL, launch, openPage } from './browser.mjs';
import { startEdge } from './edge.mjs';
import { failingMachine } from './fleet.mjs';

const WAIT = { timeout: 100_000 };

/** Throws with what was wrong. */
function demand(holds, what) {
  if (!holds) throw new Error(what);
  process.stdout.write(`ok  ${what}\n`);
}

async function policyInForce() {
  return (await fetch(`${BASE_URL}/gateway/policies/milling`)).json();
}

await failingMachine(180_000);
const edge = await startEdge(BASE_URL);
const browser = await launch();
try {
  const { page, faults } = await openPage(browser);
  await page.goto(`${edge.url}/policies`);
  const visit = page.getByRole('spinbutton', { name: 'A visit after an alarm' });
  await visit.waitFor(WAIT);
  const before = await policyInForce();
  const price = before.policy.costs.visit + 50;
  await visit.fill(String(price));
  const save = page.getByRole('button', { name: 'Put in force' });
  await page.getByRole('textbox', { name: 'Why' }).fill('Visits have become dearer');
  await page.getByRole('textbox', { name: 'Your name' }).fill('Bo');
  demand(await save.isDisabled(), 'what was not tried cannot be saved');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText(/^Tried on [\d,]+ readings/).waitFor(WAIT);
  await save.click(WAIT);
  await page.getByText(/^Version \d+ is in force/).waitFor(WAIT);
  const after = await policyInForce();
  demand(after.policy.costs.visit === price && after.author === 'Bo', 'what was tried is in force');
  demand(after.version > before.version, 'as a version of its own');

  await page.locator('header summary').click();
  await page.getByRole('link', { name: 'Replay & compare' }).click();
  await page.getByRole('button', { name: 'Start' }).click(WAIT);
  const replay = page.getByRole('region', { name: 'One replay' });
  await replay.getByText(/· Done$/).waitFor(WAIT);
  await replay.getByRole('table', { name: 'What it costs' }).waitFor(WAIT);
  demand(true, 'the last hour was run again and compared');
  demand(faults.length === 0, `no console error and no CSP violation ${faults.join('\n')}`);
} finally {
  await browser.close();
  await edge.close();
}
process.stdout.write('0 failed\n');
