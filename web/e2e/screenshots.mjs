// Takes the pictures of the documents: every page, two themes, three widths. OUT=folder puts them elsewhere.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BASE_URL, launch, openPage } from './browser.mjs';
import { failingMachine } from './fleet.mjs';

const OUT = resolve(process.env.OUT ?? new URL('../../docs/images/', import.meta.url).pathname);
const SIZES = [
  ['', { width: 1440, height: 900 }],
  ['-tablet', { width: 820, height: 1180 }],
  ['-phone', { width: 360, height: 740 }],
];
mkdirSync(OUT, { recursive: true });
const pages = [
  ['fleet', '/'],
  // Asked anew for every picture: machines are repaired while pictures are taken.
  ['machine', async () => `/machines/${await failingMachine(180_000)}`],
  ['predict', '/predict'],
  ['model', '/model'],
  ['data-health', '/data-health'],
  ['policies', '/policies'],
  ['replays', '/replays'],
];
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of SIZES) {
    const { page, context } = await openPage(browser, { colorScheme, viewport });
    for (const [name, path] of pages) {
      await page.goto(BASE_URL + (typeof path === 'string' ? path : await path()));
      await page.waitForSelector('h1');
      await page.waitForTimeout(3_000);
      await page.screenshot({ path: join(OUT, `${name}-${colorScheme}${size}.png`) });
      process.stdout.write(`${name}-${colorScheme}${size}\n`);
    }
    await context.close();
  }
}
await browser.close();
