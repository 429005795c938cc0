// Goal 12: the heap after five and after thirty minutes of a fleet's stream, sent as fast as the page takes it.

import { openPage } from '../browser.mjs';
import { startFake } from '../fake/server.mjs';

const FRAMES_A_MINUTE = 600;
const [FROM_MINUTE, TO_MINUTE] = [5, 30];
const BURST = 20;
const BURST_MS = 20;

async function heapMiB(session) {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1024 / 1024;
}

export async function measure(browser, report) {
  const fake = await startFake({ machines: 1000 });
  const { page, context } = await openPage(browser);
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await page.goto(fake.url);
  await page.waitForSelector('canvas');
  const runUntil = async (frames) => {
    while (fake.stream.sequence < frames) {
      for (let one = 0; one < BURST; one += 1) fake.stream.publish();
      await new Promise((resolve) => setTimeout(resolve, BURST_MS));
    }
    // The page has taken all of it when it has drawn the newest second.
    await page.waitForTimeout(2_000);
  };
  await runUntil(FROM_MINUTE * FRAMES_A_MINUTE);
  const before = await heapMiB(session);
  await runUntil(TO_MINUTE * FRAMES_A_MINUTE);
  const after = await heapMiB(session);
  report.add(12, 'heap growth over 25 simulated minutes', after - before, '<= 2', 'MiB');
  report.add(12, 'heap after 30 simulated minutes', after, '<= 60', 'MiB');
  await context.close();
  await fake.close();
}
