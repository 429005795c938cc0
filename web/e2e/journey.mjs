// Drives the pages in Chromium, from the web's own Nginx, on a running server with a demo fleet:
// BASE_URL=http://… node e2e/journey.mjs

import { violations } from './axe.mjs';
import { BASE_URL, launch, openPage } from './browser.mjs';
import { startEdge } from './edge.mjs';
import { failingMachine } from './fleet.mjs';

const results = { passed: 0, failed: 0 };

function check(name, holds, detail = '') {
  results[holds ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${holds ? 'ok  ' : 'FAIL'} ${name}${holds || detail === '' ? '' : `: ${detail}`}\n`);
}

/** Framed text changes of the page's main part within `ms`: how often it looked different. */
async function changes(page, ms) {
  const seen = new Set();
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    seen.add((await page.screenshot()).toString('base64'));
    await page.waitForTimeout(500);
  }
  return seen.size;
}

const machine = await failingMachine(180_000);
const browser = await launch();
const edge = await startEdge(BASE_URL);
try {
  const { page, faults } = await openPage(browser);
  await page.goto(edge.url);
  await page.waitForSelector('canvas');
  check('the fleet changes live', (await changes(page, 4_000)) > 2);
  const link = page.locator(`a[href="/machines/${machine}"]`).first();
  await link.click();
  await page.waitForURL(`**/machines/${machine}*`);
  await page.waitForSelector('.uplot canvas, canvas', { timeout: 15_000 });
  const text = await page.locator('main').innerText();
  check('the machine shows its name', text.includes(machine), text.slice(0, 200));
  check(
    'the machine shows what each cause adds',
    /%/.test(text) && (await page.locator('main table tbody tr').count()) > 0,
  );
  // They are drawn one per frame.
  const fifth = page.locator('main canvas').nth(4);
  check(
    'the machine shows five trends',
    await fifth.waitFor({ timeout: 15_000 }).then(
      () => true,
      () => false,
    ),
  );

  await page.goto(`${edge.url}/predict`);
  await page.waitForSelector('input');
  await page.waitForFunction(() => /0(\.0)?\s?%/.test(document.querySelector('main').innerText), null, {
    timeout: 10_000,
  });
  check('the example is judged in the form', true);
  const heat = page
    .getByRole('button', { name: /heat/i })
    .or(page.getByRole('radio', { name: /heat/i }))
    .first();
  await heat.click();
  const answer = await page.waitForResponse(
    (response) => response.url().endsWith('/api/predict') && response.status() === 200,
  );
  const body = await answer.json();
  const top = Object.entries(body.modes).sort(([, a], [, b]) => b - a)[0][0];
  check(
    'the heat preset is a predicted heat failure',
    body.prediction === 1 && top === 'HDF',
    JSON.stringify(body.modes),
  );
  check('no console error and no CSP violation', faults.length === 0, faults.join('\n'));

  for (const colorScheme of ['light', 'dark']) {
    for (const path of ['/', `/machines/${machine}`, '/predict', '/model', '/data-health']) {
      const { page: one, context } = await openPage(browser, { colorScheme, viewport: { width: 360, height: 740 } });
      await one.goto(edge.url + path);
      await one.waitForSelector('h1');
      await one.waitForTimeout(1_500);
      const wide = await one.evaluate(() => document.documentElement.scrollWidth);
      check(`${path} fits 360 px, ${colorScheme}`, wide <= 360, `${wide} px`);
      await one.setViewportSize({ width: 1440, height: 900 });
      const found = await violations(one);
      check(`${path} has no axe violation, ${colorScheme}`, found.length === 0, found.join('; '));
      await context.close();
    }
  }
} finally {
  await browser.close();
  await edge.close();
}
process.stdout.write(`${results.passed} passed, ${results.failed} failed\n`);
process.exitCode = results.failed === 0 ? 0 : 1;
