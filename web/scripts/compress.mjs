// Writes `file.gz` and `file.br` beside every text file of the build: the web server sends them as they are and compresses
// nothing itself. Browsers take Brotli over HTTPS only, where it is an eighth less.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url).pathname;
// Smaller than this, the answer fits into one packet either way.
const LEAST_BYTES = 512;

for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  // The page itself is written for its base path when it is sent.
  if (!entry.isFile() || !/\.(js|css|svg)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const content = readFileSync(file);
  if (content.length < LEAST_BYTES) continue;
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content));
}
