// Types of the services' bodies from their OpenAPI documents: `npm run generate [folder of the documents]`.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

const documents = resolve(process.argv[2] ?? '../docs/openapi');
const services = ['inference', 'gateway'];
const note = '// Written by `npm run generate` from the OpenAPI document of the service. Do not edit.\n\n';

for (const service of services) {
  const output = await mkdtemp(join(tmpdir(), 'types-'));
  await createClient({
    input: join(documents, `${service}.json`),
    output: { path: output, clean: true },
    plugins: [{ name: '@hey-api/typescript', enums: false }],
    logs: { level: 'silent' },
  });
  const types = await readFile(join(output, 'types.gen.ts'), 'utf8');
  const body = types.replace(/^\/\/ This file is auto-generated.*\n+/, '');
  await writeFile(`src/api/${service}.gen.ts`, note + body);
  await rm(output, { recursive: true });
  console.log(`src/api/${service}.gen.ts: ${body.split('\n').length} lines`);
}
