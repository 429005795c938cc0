// A Chromium with all of its processes on one core, where there is `taskset`; and what a page does with that core.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ARGUMENTS, EXECUTABLE } from '../browser.mjs';

const CORE = process.env.CORE ?? '0';

/** Process ids of `root` and everything below it. */
function family(root) {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const stat = statOf(pid);
      return stat === null ? [] : [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
    });
  const found = new Set([root]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** null for a process that ended while we looked. */
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return null;
    throw error;
  }
}

/** Pages that are opened later inherit the core from the process that forks them. */
export async function launchOnOneCore() {
  const server = await chromium.launchServer({ executablePath: EXECUTABLE, args: ARGUMENTS });
  const pids = family(server.process().pid);
  for (const pid of pids) execFileSync('taskset', ['-a', '-c', '-p', CORE, String(pid)], { stdio: 'ignore' });
  const browser = await chromium.connect(server.wsEndpoint());
  return { browser, close: () => browser.close().then(() => server.close()) };
}

/** Starts noting frames and long tasks in the page. */
function watch() {
  const seen = { frames: [], long: [], last: performance.now() };
  window.seen = seen;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.long.push(duration);
  }).observe({ type: 'longtask' });
  const frame = (now) => {
    seen.frames.push(now - seen.last);
    seen.last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Frames a second, the 95th percentile of the distance of frames, long tasks, and the share of the main thread. */
export async function pace(page, ms) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name) => metrics.find((metric) => metric.name === name).value;
    return { task: of('TaskDuration'), at: of('Timestamp') };
  };
  await page.evaluate(watch);
  const before = await busy();
  await page.waitForTimeout(ms);
  const after = await busy();
  const { frames, long } = await page.evaluate(() => window.seen);
  const sorted = frames.slice(1).sort((a, b) => a - b);
  const total = sorted.reduce((sum, one) => sum + one, 0);
  return {
    fps: (sorted.length / total) * 1000,
    p95: sorted[Math.floor(sorted.length * 0.95)],
    long: long.length,
    share: ((after.task - before.task) / (after.at - before.at)) * 100,
  };
}
