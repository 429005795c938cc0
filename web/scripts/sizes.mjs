// What a visitor loads, gzip level 9: the script in the page, what the page names with its static imports, and by Vite's
// manifest what each page adds.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { builtPage } from './page.mjs';

const LIMITS_KIB = { script: 110, style: 12, lazy: 45 };

// Most visitors begin there: what it adds counts as initial.
const START_PAGE = 'src/features/fleet/fleet-page.tsx';

/** Rows of `{name, kib, limit}`. */
export function sizes() {
  const dist = new URL('../dist/', import.meta.url);
  const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));
  const zipped = (content) => gzipSync(content, { level: 9 }).length / 1024;
  const sum = (files) => [...files].reduce((total, file) => total + zipped(readFileSync(new URL(file, dist))), 0);
  const reach = (key, found = new Set()) => {
    if (found.has(key)) return found;
    found.add(key);
    for (const next of manifest[key].imports ?? []) reach(next, found);
    return found;
  };
  const { page, script } = builtPage();
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)];
  const files = new Set(named.map(([, file]) => file));
  const first = new Set();
  for (const key of Object.keys(manifest)) if (files.has(manifest[key].file)) reach(key, first);
  reach(START_PAGE, first);
  const scripts = (keys) => new Set([...keys].map((key) => manifest[key].file).filter((file) => file.endsWith('.js')));
  const styles = new Set([...files].filter((file) => file.endsWith('.css')));
  const lazy = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry);
  return [
    { name: 'initial JavaScript', kib: zipped(script) + sum(scripts(first)), limit: LIMITS_KIB.script },
    { name: 'initial CSS', kib: sum(styles), limit: LIMITS_KIB.style },
    ...lazy.map((key) => ({
      name: manifest[key].name,
      kib: sum(scripts([...reach(key)].filter((one) => !first.has(one)))),
      limit: LIMITS_KIB.lazy,
    })),
  ];
}
