// How the container's Nginx serves the pages: policy on every answer, a missing chunk is never a page, what is hashed stays,
// what is text is compressed, and the application also lies below a path.

import { readdirSync, readFileSync } from 'node:fs';
import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';
import { startWeb } from '../nginx.mjs';
import { pagesOf } from '../pages.mjs';

const ASSETS = readdirSync(new URL('../../dist/assets/', import.meta.url));
const BASE = '/plant-a/';
/** The path of a file of that kind which is worth compressing. */
const asset = (ending) => `/assets/${ASSETS.find((name) => name.endsWith(ending) && ASSETS.includes(`${name}.gz`))}`;
const POLICY = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "require-trusted-types-for 'script'"];

async function answersOf(origin, report) {
  const ask = (path, coding = 'gzip') => fetch(origin + path, { headers: { 'accept-encoding': coding } });
  const script = asset('.js');
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
  await compressed(ask, report);
  report.add(17, 'a hashed file stays', /immutable/.test(headers.get('cache-control')) ? 'yes' : 'no', 'yes');
  report.add(17, 'the page is asked for anew', answers.get('/').headers.get('cache-control'), 'no-cache');
}

/** The same file for each who asks, in what that one understands, and no cache takes one for another. */
async function compressed(ask, report) {
  const asked = ['gzip', 'gzip, deflate, br, zstd', 'gzip;q=1.0, br;q=0.5', 'br;q=0, identity'];
  for (const [kind, ending, type] of [
    ['script', '.js', 'text/javascript'],
    ['style', '.css', 'text/css'],
  ]) {
    const path = asset(ending);
    const built = readFileSync(new URL(`../../dist${path}`, import.meta.url), 'utf8');
    const answers = await Promise.all(asked.map((coding) => ask(path, coding)));
    const codings = answers.map(({ headers }) => headers.get('content-encoding') ?? 'as it is');
    report.add(17, `a ${kind} comes compressed`, codings.join(', '), 'gzip, br, br, as it is');
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    const isSame = texts.every((text) => text === built);
    const says = (name, value) => answers.every(({ headers }) => headers.get(name)?.startsWith(value));
    const isRight = isSame && says('content-type', type) && says('vary', 'Accept-Encoding');
    report.add(17, `and is the same ${kind} however it comes`, isRight ? 'yes' : 'no', 'yes');
  }
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
