// How the container's Nginx serves the pages: policy on every answer, a missing chunk is never a page, what is hashed stays,
// what is text is compressed, and the application also lies below a path.

import { readdirSync } from 'node:fs';
import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';
import { startWeb } from '../nginx.mjs';
import { pagesOf } from '../pages.mjs';

const ASSETS = readdirSync(new URL('../../dist/assets/', import.meta.url));
const BASE = '/plant-a/';
const POLICY = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'"];

async function answersOf(origin, report) {
  const ask = (path) => fetch(origin + path, { headers: { 'accept-encoding': 'gzip' } });
  const script = `/assets/${ASSETS.find((name) => name.endsWith('.js') && ASSETS.includes(`${name}.gz`))}`;
  const paths = ['/', '/machines/M1', script, '/assets/gone-12345678.js', '/api/predict', '/robots.txt', '/.vite/gone'];
  const answers = new Map(await Promise.all(paths.map(async (path) => [path, await ask(path)])));
  const open = paths.filter((path) => {
    const { headers } = answers.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    return !POLICY.every((part) => policy.includes(part)) || headers.get('x-content-type-options') !== 'nosniff';
  });
  report.add(17, `answers of ${paths.length} without the whole policy`, open.length, '<= 0', '', open.join(' '));
  const gone = answers.get('/assets/gone-12345678.js');
  const isPage = /html/.test(gone.headers.get('content-type')) || /<html/.test(await gone.text());
  report.add(17, 'a missing chunk', `${gone.status}${isPage ? ' page' : ''}`, '404');
  report.add(17, 'a path that only services have', answers.get('/api/predict').status, '404');
  report.add(17, 'a deep link', answers.get('/machines/M1').status, '200');
  const { headers } = answers.get(script);
  report.add(17, 'a script comes compressed', headers.get('content-encoding'), 'gzip');
  report.add(17, 'a hashed file stays', /immutable/.test(headers.get('cache-control')) ? 'yes' : 'no', 'yes');
  report.add(17, 'the page is asked for anew', answers.get('/').headers.get('cache-control'), 'no-cache');
}

/** Every page below the path, with every request below it too. */
async function belowPath(browser, report) {
  const fake = await startFake({ machines: 20, basePath: BASE });
  const { page, context, faults } = await openPage(browser);
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith(BASE)) faults.push(`outside of ${BASE}: ${pathname}`);
  });
  for (const { path, ready } of pagesOf(fake.fleet.ids[0])) {
    await page.goto(fake.url + BASE.slice(0, -1) + path);
    await page.waitForSelector(ready);
  }
  await page.goto(fake.url + BASE);
  await page.locator('[data-queue] a').first().click();
  await page.waitForURL(`**${BASE}machines/**`);
  await page.waitForSelector('.uplot canvas');
  await context.close();
  await fake.close();
  report.add(17, `faults below ${BASE}`, faults.length, '<= 0', '', faults.slice(0, 5).join('\n      '));
}

export async function measure(browser, report) {
  const web = await startWeb();
  await answersOf(web.url, report);
  await web.close();
  await belowPath(browser, report);
}
