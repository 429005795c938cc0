// Goals 1 and 21: what a visitor loads, and that every text has its place in both dictionaries.

import { differences } from '../../scripts/dictionaries.mjs';
import { literals } from '../../scripts/literals.mjs';
import { sizes } from '../../scripts/sizes.mjs';

export async function measure(_, report) {
  const rows = sizes();
  const [script, style, ...pages] = rows;
  for (const { name, kib, limit } of [script, style]) report.add(1, `${name}, gzip`, kib, `<= ${limit}`, 'KiB');
  const largest = pages.reduce((most, page) => (page.kib > most.kib ? page : most));
  report.add(1, `largest of ${pages.length} lazy parts: ${largest.name}`, largest.kib, `<= ${largest.limit}`, 'KiB');
  const [missing, outside] = [await differences(), literals()];
  report.add(21, 'texts that one of the languages lacks', missing.length, '<= 0', '', missing.slice(0, 5).join('; '));
  report.add(21, 'texts outside of the dictionaries', outside.length, '<= 0', '', outside.slice(0, 5).join('; '));
}
