// Goals 3, 9, 10, 11: how soon a visitor sees something, how soon a reading is a pixel, how much the stream carries.

import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';

const BATCH_MS = 100;

/** What the browser says of the first picture: largest contentful paint, shifts, and time above 50 ms in tasks. */
function watchArrival() {
  window.arrival = { lcp: 0, cls: 0, blocked: 0, usable: 0 };
  const observe = (type, each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe('largest-contentful-paint', ({ startTime }) => {
    window.arrival.lcp = startTime;
  });
  observe('layout-shift', ({ value, hadRecentInput }) => {
    if (!hadRecentInput) window.arrival.cls += value;
  });
  observe('longtask', ({ duration }) => {
    window.arrival.blocked += Math.max(0, duration - 50);
  });
  const look = () => {
    if (document.querySelector('canvas') && document.querySelector('[data-queue] a')) {
      window.arrival.usable = performance.now();
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function arrive(browser, machines, { slower = 1, viewport } = {}) {
  const fake = await startFake({ machines });
  const { page, context } = await openPage(browser, viewport ? { viewport } : {});
  await page.addInitScript(watchArrival);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(fake.url);
  await page.waitForFunction(() => window.arrival.usable > 0);
  await page.waitForTimeout(2_000);
  const arrival = await page.evaluate(() => window.arrival);
  await context.close();
  await fake.close();
  return arrival;
}

/** From the instant that the server sends a frame to the first drawing after it. */
async function toPixel(browser) {
  const fake = await startFake({ machines: 1000 });
  const { page, context } = await openPage(browser);
  await page.addInitScript(() => {
    window.drawn = [];
    const { fillRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillRect = function noted(...box) {
      const now = performance.timeOrigin + performance.now();
      if (now - (window.drawn.at(-1) ?? 0) > 5) window.drawn.push(now);
      return fillRect.apply(this, box);
    };
  });
  await page.goto(fake.url);
  await page.waitForSelector('canvas');
  await page.waitForTimeout(2_000);
  const [from, bytes] = [Date.now(), fake.stream.bytes];
  await page.waitForTimeout(10_000);
  const seconds = (Date.now() - from) / 1000;
  const rate = (fake.stream.bytes - bytes) / 1024 / seconds;
  const drawn = await page.evaluate(() => window.drawn);
  const sent = fake.stream.sent.filter((time) => time >= from && time < from + 9_000);
  const waits = sent.map((time) => drawn.find((one) => one >= time) - time).sort((a, b) => a - b);
  await context.close();
  await fake.close();
  return { p95: waits[Math.floor(waits.length * 0.95)] + BATCH_MS, rate };
}

export async function measure(browser, report) {
  // The paints of goal 3 are Lighthouse's; these are on the one core that the server and its 1,000 machines share.
  const desktop = await arrive(browser, 1000);
  report.tell(3, '1,000 machines, desktop: largest contentful paint', desktop.lcp / 1000, 's');
  report.add(3, 'desktop: layout shift', desktop.cls, '<= 0.02');
  report.add(3, 'desktop: blocked', desktop.blocked, '<= 100', 'ms');
  const phone = await arrive(browser, 1000, { slower: 4, viewport: { width: 360, height: 740 } });
  report.tell(3, '1,000 machines, phone, 4 times slower: largest contentful paint', phone.lcp / 1000, 's');
  report.add(3, 'phone: layout shift', phone.cls, '<= 0.02');
  report.add(9, 'fleet of 1,000 usable after', desktop.usable / 1000, '<= 1.5', 's');
  report.add(9, 'fleet of 5,000 usable after', (await arrive(browser, 5000)).usable / 1000, '<= 2.5', 's');
  const { p95, rate } = await toPixel(browser);
  report.add(10, 'reading to pixel, 95 %, with the 100 ms batch', p95, '<= 250', 'ms');
  report.add(11, 'fleet stream of 1,000 machines', rate, '<= 15', 'KiB/s');
}
