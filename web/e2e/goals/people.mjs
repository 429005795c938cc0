// Goals 14 and 20: by keyboard to the cause with the focus always in sight; narrow, enlarged, by finger, without motion.

import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';
import { pagesOf } from '../pages.mjs';

/** Where the focus is, whether it has an outline, and whether anything covers it. */
function focused() {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(x, y);
  const outline = Number.parseFloat(getComputedStyle(element).outlineWidth);
  const label = element.closest('label');
  return {
    name: `${element.tagName} ${element.getAttribute('aria-label') ?? element.textContent.slice(0, 30)}`,
    isBody: element === document.body,
    isOutlined:
      outline >= 2 || (label !== null && Number.parseFloat(getComputedStyle(label.lastElementChild).outlineWidth) >= 2),
    isSeen:
      box.top >= 0 &&
      box.bottom <= innerHeight + box.height &&
      (element.contains(top) || (label?.contains(top) ?? false)),
    href: element.getAttribute('href'),
  };
}

async function toCause(page, fake) {
  await page.goto(fake.url);
  await page.waitForSelector('canvas');
  await page.waitForSelector('section ol li a');
  let keys = 0;
  // `f` is not needed: the skip link leads past the bar, the queue is the first thing behind the filters.
  const press = async (key) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  await press('j');
  await press('Enter');
  await page.waitForURL('**/machines/**', { timeout: 5_000 });
  await page
    .getByText(/Mostly because of/)
    .first()
    .waitFor();
  return keys;
}

async function tabThrough(page, limit) {
  const hidden = [];
  for (let step = 0; step < limit; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(focused);
    if (at.isBody) break;
    if (!at.isOutlined || !at.isSeen) hidden.push(`${at.name}${at.isOutlined ? '' : ' without outline'}`);
  }
  return hidden;
}

/** Visible controls smaller than `least` CSS pixels either way; links inside a sentence are exempt (WCAG 2.5.8). */
function smallTargets(least) {
  const controls = document.querySelectorAll('a[href], button, select, summary, input:not([type=radio])');
  return [...controls]
    .filter((one) => getComputedStyle(one).display !== 'inline' && one.checkVisibility())
    .map((one) => ({ one, box: (one.closest('label') ?? one).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.bottom > 0 && (box.width < least - 0.5 || box.height < least - 0.5))
    .map(({ one, box }) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`);
}

export async function measure(browser, report) {
  const fake = await startFake({ machines: 200 });
  const { page, context } = await openPage(browser);
  report.add(14, 'keys from landing to the cause', await toCause(page, fake), '<= 8');
  const hidden = [];
  const wide = [];
  const small = { 24: [], 44: [] };
  for (const { name, path, ready } of pagesOf(fake.fleet.ids[0])) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(fake.url + path);
    await page.waitForSelector(ready);
    hidden.push(...(await tabThrough(page, 45)).map((line) => `${name}: ${line}`));
    small[24].push(...(await page.evaluate(smallTargets, 24)).map((line) => `${name}: ${line}`));
    // 320 px; 1280 px at 200 % is 640 px; and where the bar changes its shape.
    for (const width of [320, 640, 820, 1181, 1321]) {
      await page.setViewportSize({ width, height: 740 });
      await page.waitForTimeout(150);
      const scroll = await page.evaluate(() =>
        Math.max(
          document.documentElement.scrollWidth,
          document.querySelector('header button').getBoundingClientRect().right,
        ),
      );
      if (scroll > width) wide.push(`${name} at ${width}: ${scroll} px`);
    }
  }
  await context.close();
  const touch = await openPage(browser, { hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });
  for (const { name, path, ready } of pagesOf(fake.fleet.ids[0])) {
    await touch.page.goto(fake.url + path);
    await touch.page.waitForSelector(ready);
    small[44].push(...(await touch.page.evaluate(smallTargets, 44)).map((line) => `${name}: ${line}`));
  }
  await touch.context.close();
  const still = await openPage(browser, { reducedMotion: 'reduce' });
  await still.page.goto(fake.url);
  await still.page.waitForSelector('canvas');
  const moving = await still.page.evaluate(
    () =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && effect.getComputedTiming().duration > 1).length,
  );
  await still.context.close();
  await fake.close();
  const lines = (all) => [...new Set(all)].slice(0, 12).join('\n      ');
  report.add(14, 'stops of the focus that cannot be seen', hidden.length, '<= 0', '', lines(hidden));
  report.add(20, 'pages that scroll sideways from 320 to 1321 px', wide.length, '<= 0', '', lines(wide));
  report.add(20, 'targets under 24 px', small[24].length, '<= 0', '', lines(small[24]));
  report.add(20, 'targets under 44 px by finger', small[44].length, '<= 0', '', lines(small[44]));
  report.add(20, 'animations although motion is unwanted', moving, '<= 0');
}
