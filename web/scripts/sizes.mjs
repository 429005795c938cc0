// What a visitor loads, from Vite's manifest, gzip level 9: the entry with its static imports, and what each page adds.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMITS_KIB = { script: 110, style: 12, lazy: 45 };

/** Rows of `{name, kib, limit}`. */
export function sizes() {
  const dist = new URL('../dist/', import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
  const sum = (files) =>
    [...files].reduce((total, file) => total + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length, 0) /
    1024;
  const reach = (key, found = new Set()) => {
    if (found.has(key)) return found;
    found.add(key);
    for (const next of manifest[key].imports ?? []) reach(next, found);
    return found;
  };
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
  const first = reach(entry);
  const scripts = (keys) => new Set([...keys].map((key) => manifest[key].file));
  const styles = new Set([...first].flatMap((key) => manifest[key].css ?? []));
  const lazy = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry);
  return [
    { name: 'initial JavaScript', kib: sum(scripts(first)), limit: LIMITS_KIB.script },
    { name: 'initial CSS', kib: sum(styles), limit: LIMITS_KIB.style },
    ...lazy.map((key) => ({
      name: manifest[key].name,
      kib: sum(scripts([...reach(key)].filter((one) => !first.has(one)))),
      limit: LIMITS_KIB.lazy,
    })),
  ];
}
