// Holds the size of what a visitor loads.

import { sizes } from './sizes.mjs';

const rows = sizes();
for (const { name, kib, limit } of rows) {
  process.stdout.write(`${kib <= limit ? 'pass' : 'FAIL'}  ${name}: ${kib.toFixed(1)} of ${limit} KiB\n`);
}
process.exitCode = rows.every(({ kib, limit }) => kib <= limit) ? 0 : 1;
