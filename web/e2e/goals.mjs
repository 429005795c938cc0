// Measures the goals of the dashboard that do not depend on the speed of the machine: node e2e/goals.mjs [part …]

import { launch } from './browser.mjs';
import { Report } from './goals/report.mjs';

const PARTS = ['built', 'served', 'states', 'freshness', 'people', 'looks'];
const wanted = process.argv.slice(2);
const report = new Report();
const browser = await launch();
try {
  for (const part of PARTS) {
    if (wanted.length > 0 && !wanted.includes(part)) continue;
    const { measure } = await import(`./goals/${part}.mjs`);
    await measure(browser, report);
  }
} finally {
  await browser.close();
}
report.end();
