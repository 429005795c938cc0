// Measures the goals of the dashboard that depend on the speed of the machine, on one core: node e2e/bench.mjs [part …]

import { loadavg } from 'node:os';
import { launchOnOneCore } from './goals/one-core.mjs';
import { Report } from './goals/report.mjs';

const PARTS = ['lighthouse', 'arrival', 'heap', 'speed'];
const wanted = process.argv.slice(2);
const report = new Report();
process.stdout.write(
  `load average at the start: ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}\n`,
);
for (const part of PARTS) {
  if (wanted.length > 0 && !wanted.includes(part)) continue;
  const { browser, close } = await launchOnOneCore();
  try {
    const { measure } = await import(`./goals/${part}.mjs`);
    await measure(browser, report);
  } finally {
    await close();
  }
}
process.stdout.write(
  `load average at the end: ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}\n`,
);
report.end();
