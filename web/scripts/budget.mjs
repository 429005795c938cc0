// Holds the size of what a visitor loads first: the entry and its static imports, gzip level 9, from Vite's manifest.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMITS_KIB = { script: 110, style: 12, lazy: 45 };
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
const kib = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length / 1024;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = new Set();
const visit = (key) => {
  if (first.has(key)) return;
  first.add(key);
  for (const next of manifest[key].imports ?? []) visit(next);
};
visit(entry);

const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);
const styles = new Set([...first].flatMap((key) => manifest[key].css ?? []));
const lazy = Object.values(manifest).filter((chunk) => chunk.isDynamicEntry);
const rows = [
  ['initial JavaScript', sum([...first].map((key) => kib(manifest[key].file))), LIMITS_KIB.script],
  ['initial CSS', sum([...styles].map(kib)), LIMITS_KIB.style],
  ...lazy.map((chunk) => [chunk.name, kib(chunk.file), LIMITS_KIB.lazy]),
];
for (const [name, size, limit] of rows) {
  process.stdout.write(`${size <= limit ? 'pass' : 'FAIL'}  ${name}: ${size.toFixed(1)} of ${limit} KiB\n`);
}
process.exitCode = rows.every(([, size, limit]) => size <= limit) ? 0 : 1;
