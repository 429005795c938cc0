// The page of the build, and the one script that stands in it.

import { readFileSync } from 'node:fs';

/** `{page, script}` as text. */
export function builtPage() {
  const page = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');
  const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)];
  if (scripts.length !== 1) throw new Error(`the page has ${scripts.length} scripts in itself and not one`);
  return { page, script: scripts[0][1] };
}
