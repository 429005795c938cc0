// Goals 18 and 19: right in any time zone, and quiet while nothing is wrong.

import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';

const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns'];
const MOST_SATURATION = 0.25;

async function zones(browser, fake, report) {
  const wrong = [];
  for (const timezoneId of ZONES) {
    const { page, context } = await openPage(browser, { timezoneId });
    await page.goto(`${fake.url}/machines/${fake.fleet.ids[0]}`);
    const shown = await page
      .getByText(/^as of \d\d:\d\d:\d\d/)
      .first()
      .textContent();
    const clock = /\d\d:\d\d:\d\d/.exec(shown)[0];
    const near = [-3, -2, -1, 0, 1].map((s) =>
      new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: timezoneId }).format(Date.now() + s * 1000),
    );
    const name = await page.locator('header abbr').textContent();
    if (!near.includes(clock) || name === '') wrong.push(`${timezoneId}: ${clock} ${name}, not ${near[3]}`);
    await context.close();
  }
  report.add(18, `zones of ${ZONES.length} with a wrong or unnamed clock`, wrong.length, '<= 0', '', wrong.join('; '));
}

/** The share of pixels that are coloured, outside of the logo and whatever has the focus. */
function saturated({ bytes, most, holes }) {
  return createImageBitmap(new Blob([new Uint8Array(bytes)])).then((bitmap) => {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    for (const { x, y, width, height } of holes) context.clearRect(x - 4, y - 4, width + 8, height + 8);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 0) continue;
      const [r, g, b] = [data[at] / 255, data[at + 1] / 255, data[at + 2] / 255];
      const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
      const chroma = high - low;
      const saturation = chroma === 0 ? 0 : chroma / (1 - Math.abs(high + low - 1));
      // Near black and near white HSL calls tiny differences saturated; nobody sees them.
      if (saturation > most && chroma > 0.08) count += 1;
    }
    return count;
  });
}

async function quiet(browser, report) {
  const fake = await startFake({ machines: 300, abnormal: 0 });
  let count = 0;
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await openPage(browser, { colorScheme });
    await page.goto(fake.url);
    await page.waitForSelector('canvas');
    await page.getByText(/Nothing needs attention/).waitFor();
    const holes = [await page.locator('header .product').boundingBox()];
    const bytes = [...(await page.screenshot())];
    const blank = await context.newPage();
    count += await blank.evaluate(saturated, { bytes, most: MOST_SATURATION, holes });
    await context.close();
  }
  await fake.close();
  report.add(19, 'coloured pixels while nothing is wrong', count, '<= 0');
}

export async function measure(browser, report) {
  const fake = await startFake({ machines: 20 });
  await zones(browser, fake, report);
  await fake.close();
  await quiet(browser, report);
}
