// Imports flow one way: lib, i18n → api, live, ui, charts → alarms → features → app; features never import each other.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const SRC = new URL('../src/', import.meta.url).pathname;
const RANK = { lib: 0, i18n: 0, api: 1, live: 1, ui: 1, charts: 1, alarms: 2, features: 3, app: 4, test: 5 };
const wrong = [];
for (const entry of readdirSync(SRC, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const [room, feature] = relative(SRC, file).split('/');
  if (!(room in RANK)) continue;
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    const [toRoom, toFeature] = relative(SRC, resolve(entry.parentPath, target)).split('/');
    if (!(toRoom in RANK) || /\.test\.tsx?$/.test(entry.name)) continue;
    const across = room === 'features' && toRoom === 'features' && feature !== toFeature;
    if (RANK[toRoom] > RANK[room] || across) wrong.push(`${relative(SRC, file)} imports ${target}`);
  }
}
for (const line of wrong) process.stderr.write(`${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
