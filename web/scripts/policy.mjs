// Writes the headers of every answer for our Nginx: their policy allows one script in the page itself, by its hash.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const file = (name) => new URL(`../${name}`, import.meta.url);
const page = readFileSync(file('dist/index.html'), 'utf8');
const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)];
if (scripts.length !== 1) throw new Error(`the page has ${scripts.length} scripts in itself and not one`);
const hash = createHash('sha256').update(scripts[0][1]).digest('base64');
const template = readFileSync(file('nginx/security-headers.template.conf'), 'utf8');
writeFileSync(file('nginx/security-headers.conf'), template.replace('@FIRST_SCRIPT@', `sha256-${hash}`));
