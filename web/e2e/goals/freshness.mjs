// Goal 16: a cut is shown in time, a stalled stream is noticed, and after a cut nothing is missing or doubled.

import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';

export async function measure(browser, report) {
  const fake = await startFake({ machines: 24, perSecond: 10 });
  const { page, context } = await openPage(browser);
  await page.goto(`${fake.url}/?view=table`);
  await page.waitForSelector('tbody tr a');

  const cutAt = Date.now();
  fake.stream.cut(true);
  await page.getByText(/^Reconnecting/).waitFor({ timeout: 20_000 });
  report.add(16, 'a cut stream is shown after', (Date.now() - cutAt) / 1000, '<= 3', 's');
  await page
    .getByText(/as of \d/)
    .first()
    .waitFor({ timeout: 5_000 });
  report.add(16, 'panels say how old they are while cut', 'yes', 'yes');

  // Twenty of the machines change while nobody listens. Then nothing more comes: what the page shows of them afterwards
  // it can only have from the replay.
  await page.waitForTimeout(2_000);
  fake.stream.isStalled = true;
  const last = fake.stream.sequence;
  fake.stream.mend();
  await page.getByText(/^Live ·/).waitFor({ timeout: 20_000 });
  await page.waitForTimeout(1_500);
  const from = fake.stream.resumedFrom.at(-1);
  report.add(16, 'frames missed and replayed', from === null ? 0 : last - from, '>= 15');
  const server = fake.fleet.machines.map(({ probability }) => probability);
  const shown = await page
    .locator('tbody tr:not([aria-hidden])')
    .evaluateAll((rows) => rows.map((row) => [row.querySelector('a')?.textContent, row.children[4]?.textContent]));
  const wrong = shown.filter(([id, text]) => {
    const percent = Math.round(server[fake.fleet.ids.indexOf(id)] * 100);
    return /\d/.test(text) && Math.abs(Number(text.replace(/[^\d]/g, '')) - percent) > 1;
  });
  report.add(16, `rows of ${shown.length} that differ from the server`, wrong.length, '<= 0', '', String(wrong[0]));

  const stalledAt = Date.now();
  await page.getByText(/^Reconnecting|^Offline/).waitFor({ timeout: 30_000 });
  report.add(16, 'a stalled stream (no heartbeat) is noticed after', (Date.now() - stalledAt) / 1000, '<= 15', 's');
  await context.close();
  await fake.close();
}
