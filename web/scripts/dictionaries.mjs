// Holds the two languages against each other: the same texts in both, taking the same words, none left in the other language.

import { readdirSync } from 'node:fs';
import { runnerImport } from 'vite';

const I18N = new URL('../src/i18n/', import.meta.url).pathname;
/** What this language has of its own beside the profile's titles. */
const OWN = /^titles\./;
/** Words that are the same in both languages. */
const SAME = new Set([
  ...[
    'Predictive Maintenance',
    'System',
    'Live',
    'Offline',
    'Trends',
    'Start',
    'Gateway',
    'Normal',
    'Version',
    'Trace',
  ],
  ...['Signal', 'MCC', 'normal', 'max.', '10 min', '15 min', 'Name', 'Alarm'],
]);

function flat(value, path = '') {
  if (typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`));
}

/** Lines that say what is missing, superfluous or not translated. */
export async function differences() {
  const load = async (name) => flat((await runnerImport(`${I18N}${name}.ts`)).module);
  const names = readdirSync(I18N).flatMap((file) => /^(.+)-en\.ts$/.exec(file)?.[1] ?? []);
  const lines = compared(await load('en'), await load('de'));
  for (const name of names) lines.push(...compared(await load(`${name}-en`), await load(`${name}-de`)));
  return lines;
}

/** Two dictionaries; the name of the language, where it begins a key, is left out. */
function compared(english, german) {
  const [en, de] = [english, german].map(
    (all) => new Map(all.map(([key, text]) => [key.replace(/^(en|de)\./, ''), text])),
  );
  const lines = [];
  for (const [key, text] of en) {
    const other = de.get(key);
    if (other === undefined) lines.push(`${key} is missing in German`);
    else if (typeof other !== typeof text || other.length === 0) lines.push(`${key} is of another kind in German`);
    else if (typeof text === 'string' && text === other && /\p{L}{3,}/u.test(text) && !SAME.has(text)) {
      lines.push(`${key} is “${text}” in both`);
    }
  }
  for (const key of de.keys()) if (!en.has(key) && !OWN.test(key)) lines.push(`${key} is missing in English`);
  return lines;
}
