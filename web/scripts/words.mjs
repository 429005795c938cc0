// Every text stands in the dictionaries, in both languages.

import { differences } from './dictionaries.mjs';
import { literals } from './literals.mjs';

const lines = [...(await differences()), ...literals().map((line) => `not in a dictionary: ${line}`)];
for (const line of lines) process.stderr.write(`${line}\n`);
process.exit(lines.length === 0 ? 0 : 1);
