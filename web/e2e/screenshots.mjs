// Takes the pictures of the documents from a running server with a demo fleet: every page, two themes, three widths, and
// dialogs, German and paper once. OUT=folder puts them elsewhere.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BASE_URL, launch, openPage } from './browser.mjs';
import { failingMachine } from './fleet.mjs';
import { anAlarm, aReplay, workOnAlarms } from './scene.mjs';

const OUT = resolve(process.env.OUT ?? new URL('../../docs/images/', import.meta.url).pathname);
const SIZES = [
  ['', { width: 1440, height: 900 }],
  ['-tablet', { width: 820, height: 1180 }],
  ['-phone', { width: 360, height: 740 }],
];
const QUALITY = 80;
const SETTLED_MS = 1_500;

/** A picture of what is in sight. WebP, which is a third of a PNG. */
async function take(page, name) {
  await page.waitForTimeout(SETTLED_MS);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  writeFileSync(join(OUT, `${name}.webp`), Buffer.from(data, 'base64'));
  process.stdout.write(`${name}\n`);
}

/** Asked anew for every picture: machines are repaired while pictures are taken. */
const PAGES = [
  ['fleet', () => '/', 'canvas'],
  ['machine', async () => `/machines/${await failingMachine(180_000)}`, '.uplot canvas'],
  ['alarms', () => '/alarms', 'main [data-alarm]'],
  ['alarm', async () => `/alarms/${(await anAlarm()).alarm_id}`, 'main ol time'],
  ['predict', () => '/predict', 'main svg[role=img]'],
  ['model', () => '/model', 'main table'],
  ['data-health', () => '/data-health', 'main ol'],
  ['policies', () => '/policies', 'main input'],
  ['replays', async () => `/replays?id=${await replay}`, 'main section section table'],
];

/** What has a picture once: the name, and how a page comes to show it. */
const SCENES = [
  ['alarm-shelve', (page) => pressed(page, 'Shelve')],
  ['alarm-assign', (page) => pressed(page, 'Assign')],
  ['alarm-suppress', (page) => pressed(page, 'Suppress')],
  ['alarm-verdict', (page) => pressed(page, 'Verdict')],
  ['alarm-print', (page) => page.emulateMedia({ media: 'print' })],
  [
    'alarms-german',
    async (page) => {
      await page.evaluate(() => localStorage.setItem('pm.prefs', JSON.stringify({ lang: 'de', name: 'Ann' })));
      await page.goto(`${BASE_URL}/alarms`);
      await page.locator('main [data-alarm]').first().waitFor();
    },
  ],
];

async function pressed(page, name) {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').waitFor();
}

mkdirSync(OUT, { recursive: true });
await failingMachine(180_000);
await workOnAlarms();
const replay = aReplay();
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of SIZES) {
    const { page, context } = await openPage(browser, { colorScheme, viewport });
    for (const [name, path, ready] of PAGES) {
      await page.goto(BASE_URL + (await path()));
      await page.waitForSelector(ready);
      await take(page, `${name}-${colorScheme}${size}`);
    }
    await context.close();
  }
}
for (const [name, show] of SCENES) {
  const { page, context } = await openPage(browser, { colorScheme: 'light' });
  await page.goto(`${BASE_URL}/alarms/${(await anAlarm()).alarm_id}`);
  await page.waitForSelector('main ol time');
  await show(page);
  await take(page, name);
  await context.close();
}
await browser.close();
