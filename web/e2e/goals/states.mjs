// Goals 13 and 17: every page in every state, both themes, three widths, without a violation, an error or a foreign request.

import { violations } from '../axe.mjs';
import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';
import { pagesOf } from '../pages.mjs';

const WIDTHS = [360, 820, 1440];
/** What the browser itself says of an answer that a test makes fail on purpose. */
const MADE = /Failed to load resource.*(503|404)/;

export async function measure(browser, report) {
  const found = [];
  const faults = [];
  let checks = 0;
  for (const state of ['full', 'empty', 'loading', 'error']) {
    const fake = await startFake({ machines: state === 'empty' ? 0 : 50 });
    fake.state = state;
    for (const colorScheme of ['light', 'dark']) {
      const { page, context, faults: seen } = await openPage(browser, { colorScheme });
      page.on('request', (request) => {
        if (!request.url().startsWith(fake.url)) faults.push(`foreign request ${request.url()}`);
      });
      for (const { name, path, ready } of pagesOf(fake.fleet.ids[0] ?? 'M1')) {
        await page.goto(fake.url + path);
        await page.waitForSelector(state === 'full' ? ready : 'main > *', { timeout: 30_000 });
        if (state === 'error') await page.waitForSelector('[role=alert], main [class*=notice]', { timeout: 30_000 });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          const lines = await violations(page);
          found.push(...lines.map((line) => `${name} ${state} ${colorScheme} ${width}: ${line}`));
          checks += 1;
        }
      }
      faults.push(...seen.filter((fault) => !MADE.test(fault)).map((fault) => `${state}: ${fault}`));
      await context.close();
    }
    await fake.close();
  }
  report.add(
    13,
    `axe violations in ${checks} states of pages`,
    found.length,
    '<= 0',
    '',
    found.slice(0, 8).join('\n      '),
  );
  report.add(
    17,
    'CSP reports, console errors, foreign requests',
    faults.length,
    '<= 0',
    '',
    faults.slice(0, 8).join('\n      '),
  );
}
