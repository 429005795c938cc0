// Takes the pictures of the documents: three pages, two themes, and two of them on a phone.

import { mkdirSync } from 'node:fs';
import { BASE_URL, launch, openPage } from './browser.mjs';
import { failingMachine } from './fleet.mjs';

const OUT = new URL('../../docs/images/', import.meta.url).pathname;
mkdirSync(OUT, { recursive: true });
const machine = await failingMachine(180_000);
const pages = [
  ['fleet', '/'],
  ['machine', `/machines/${machine}`],
  ['predict', '/predict'],
];
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of [
    ['', { width: 1440, height: 900 }],
    ['-phone', { width: 360, height: 740 }],
  ]) {
    const { page, context } = await openPage(browser, { colorScheme, viewport });
    for (const [name, path] of pages) {
      await page.goto(BASE_URL + path);
      await page.waitForSelector('h1');
      await page.waitForTimeout(3_000);
      await page.screenshot({ path: `${OUT}${name}-${colorScheme}${size}.png` });
      process.stdout.write(`${name}-${colorScheme}${size}\n`);
    }
    await context.close();
  }
}
await browser.close();
