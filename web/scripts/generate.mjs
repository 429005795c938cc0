// Types of the services' bodies from their OpenAPI documents: `npm run generate [folder of the documents]`.
// `npm run drift` writes nothing and fails when the committed types are not what the documents give.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

const [folder = '../docs/openapi'] = process.argv.slice(2).filter((word) => word !== '--check');
const isCheck = process.argv.includes('--check');
const services = ['inference', 'gateway'];
const note = '// Written by `npm run generate` from the OpenAPI document of the service. Do not edit.\n\n';

async function typesOf(service) {
  const output = await mkdtemp(join(tmpdir(), 'types-'));
  try {
    await createClient({
      input: join(resolve(folder), `${service}.json`),
      output: { path: output, clean: true },
      plugins: [{ name: '@hey-api/typescript', enums: false }],
      logs: { level: 'silent' },
    });
    const types = await readFile(join(output, 'types.gen.ts'), 'utf8');
    return note + types.replace(/^\/\/ This file is auto-generated.*\n+/, '');
  } finally {
    await rm(output, { recursive: true });
  }
}

/** The first line in which the two differ, counted from 1. */
function firstDifference(committed, generated) {
  const [before, after] = [committed.split('\n'), generated.split('\n')];
  return after.findIndex((line, at) => line !== before[at]) + 1 || after.length + 1;
}

for (const service of services) {
  const file = `src/api/${service}.gen.ts`;
  const generated = await typesOf(service);
  if (!isCheck) {
    await writeFile(file, generated);
    console.log(`${file}: ${generated.split('\n').length} lines`);
    continue;
  }
  const committed = await readFile(file, 'utf8');
  if (committed === generated) continue;
  console.error(
    `${file} line ${firstDifference(committed, generated)} is not what docs/openapi says: run make openapi`,
  );
  process.exitCode = 1;
}
