// Goals 2 and 3: Lighthouse on every page, as a phone on a slow line and as a desktop, behind our Nginx. Its marks are out
// of 100; performance on the phone is the median of three.

import lighthouse, { desktopConfig } from 'lighthouse';
import { chromium } from 'playwright-core';
import { ARGUMENTS, EXECUTABLE } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';
import { freePort } from '../nginx.mjs';
import { pagesOf } from '../pages.mjs';

const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const PERFORMANCE = { phone: 95, desktop: 99 };

async function judge(url, port, config) {
  const options = { port, onlyCategories: CATEGORIES, output: 'json', logLevel: 'error', maxWaitForLoad: 15_000 };
  const { lhr } = await lighthouse(url, options, config);
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  const faults = CATEGORIES.slice(1).flatMap((name) =>
    lhr.categories[name].auditRefs
      .map(({ id }) => lhr.audits[id])
      .filter(({ score }) => score !== null && score < 1)
      .map(({ id, title }) => `${id}: ${title}`),
  );
  return {
    marks: CATEGORIES.map((name) => Math.round(lhr.categories[name].score * 100)),
    lcpS: lhr.audits['largest-contentful-paint'].numericValue / 1000,
    tbtMs: lhr.audits['total-blocking-time'].numericValue,
    cls: lhr.audits['cumulative-layout-shift'].numericValue,
    faults,
  };
}

/** The run in the middle of three by performance; two that pass decide it. */
async function middle(url, port) {
  const runs = [];
  while (runs.length < 3) {
    runs.push(await judge(url, port));
    runs.sort((a, b) => a.marks[0] - b.marks[0]);
    if (runs.length === 2 && runs[0].marks[0] >= PERFORMANCE.phone) return runs[0];
  }
  return runs[1];
}

export async function measure(_, report) {
  const fake = await startFake({ machines: 50 });
  const port = await freePort();
  const args = [...ARGUMENTS, `--remote-debugging-port=${port}`];
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args });
  const worst = { lcpS: 0, tbtMs: 0, cls: 0 };
  for (const { name, path } of pagesOf(fake.fleet.ids[0])) {
    const url = fake.url + path;
    for (const device of ['phone', 'desktop']) {
      const run = device === 'phone' ? await middle(url, port) : await judge(url, port, desktopConfig);
      const [performance, accessibility, practices] = run.marks;
      report.add(2, `${name}, ${device}: performance`, performance, `>= ${PERFORMANCE[device]}`);
      report.add(2, `${name}, ${device}: accessibility`, accessibility, '>= 100', '', run.faults.join('\n      '));
      report.add(2, `${name}, ${device}: best practices`, practices, '>= 100', '', run.faults.join('\n      '));
      if (device === 'phone') for (const key of Object.keys(worst)) worst[key] = Math.max(worst[key], run[key]);
    }
  }
  report.add(3, 'Lighthouse phone, all pages: largest contentful paint', worst.lcpS, '<= 1.8', 's');
  report.add(3, 'Lighthouse phone, all pages: blocked', worst.tbtMs, '<= 100', 'ms');
  report.add(3, 'Lighthouse phone, all pages: layout shift', worst.cls, '<= 0.02');
  await browser.close();
  await fake.close();
}
