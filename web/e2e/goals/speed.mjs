// Goals 4 to 8: frames, long tasks and the main thread while the fleet streams; the worst of forty interactions.

import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';
import { pace } from './one-core.mjs';

const SECONDS = Number(process.env.SECONDS ?? 20);

async function fleet(browser, report, goal, what, { machines, perSecond, slower = 1, limits }) {
  const fake = await startFake({ machines, perSecond });
  const { page, context } = await openPage(browser, { viewport: { width: 1366, height: 768 } });
  await page.goto(fake.url);
  await page.waitForSelector('canvas');
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.waitForTimeout(3_000);
  const { fps, p95, long, share } = await pace(page, SECONDS * 1000);
  report.add(goal, `${what}: frames a second`, fps, limits.fps);
  if (limits.p95) report.add(goal, `${what}: 95 % of frames within`, p95, limits.p95, 'ms');
  if (limits.long) report.add(goal, `${what}: long tasks in ${SECONDS} s`, long, limits.long);
  if (limits.share) report.add(goal, `${what}: main thread`, share, limits.share, '%');
  await context.close();
  await fake.close();
}

async function machine(browser, report) {
  const fake = await startFake({ machines: 50, points: 3600 });
  const id = fake.fleet.ids[0];
  const timer = setInterval(() => fake.stream.assess(fake.assessment(id, Date.now())), 1000);
  const { page, context } = await openPage(browser);
  await page.goto(`${fake.url}/machines/${id}?range=1h`);
  await page.waitForSelector('.uplot canvas');
  await page.waitForTimeout(3_000);
  const { fps, long } = await pace(page, SECONDS * 1000);
  clearInterval(timer);
  report.add(7, 'machine, 3,600 points a chart: frames a second', fps, '>= 57');
  report.add(7, `machine: long tasks in ${SECONDS} s`, long, '<= 0');
  await context.close();
  await fake.close();
}

/** Forty clicks and keys; the longest time from input to the next picture, as the browser itself measures it. */
async function interactions(browser, report) {
  const fake = await startFake({ machines: 1000 });
  const { page, context } = await openPage(browser);
  await page.goto(fake.url);
  await page.waitForSelector('canvas');
  await page.evaluate(() => {
    window.waits = [];
    new PerformanceObserver((list) => {
      for (const { duration, interactionId } of list.getEntries()) if (interactionId > 0) window.waits.push(duration);
    }).observe({ type: 'event', durationThreshold: 16 });
  });
  const filters = page.locator('fieldset button');
  const board = page.getByRole('application');
  for (let round = 0; round < 10; round += 1) {
    await filters.nth(round % 6).click();
    await page.waitForTimeout(120);
    await filters.first().click();
    await page.waitForTimeout(120);
    await board.focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForTimeout(120);
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(120);
  }
  const waits = await page.evaluate(() => window.waits);
  report.add(8, 'worst of 40 interactions on 1,000 machines', Math.max(0, ...waits), '<= 50', 'ms');
  await context.close();
  await fake.close();
}

export async function measure(browser, report) {
  const strict = { fps: '>= 58', p95: '<= 25', long: '<= 0', share: '<= 15' };
  await fleet(browser, report, 4, '1,000 machines, 1 Hz', { machines: 1000, perSecond: 1000, limits: strict });
  await fleet(browser, report, 5, '5,000 machines, 1 Hz', {
    machines: 5000,
    perSecond: 5000,
    limits: { fps: '>= 55' },
  });
  await fleet(browser, report, 5, '1,000 machines, 10 Hz', {
    machines: 1000,
    perSecond: 10_000,
    limits: { fps: '>= 55' },
  });
  const slow = { machines: 1000, perSecond: 1000, slower: 4, limits: { fps: '>= 50' } };
  await fleet(browser, report, 6, '1,000 machines, a processor 4 times slower', slow);
  await machine(browser, report);
  await interactions(browser, report);
}
