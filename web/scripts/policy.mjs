// Writes the headers of every answer for our Nginx: their policy allows one script in the page itself, by its hash.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { builtPage } from './page.mjs';

const file = (name) => new URL(`../${name}`, import.meta.url);
const hash = createHash('sha256').update(builtPage().script).digest('base64');
const template = readFileSync(file('nginx/security-headers.template.conf'), 'utf8');
writeFileSync(file('nginx/security-headers.conf'), template.replace('@FIRST_SCRIPT@', `sha256-${hash}`));
