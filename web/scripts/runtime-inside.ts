import type { Plugin } from 'vite';

const RUNTIME = '\0rolldown/runtime.js';
const ITS_IMPORT = /^import \{([^}]*)\} from "\.\/rolldown-runtime[^"]*";\n/m;

/**
 * Each file gets the few lines of the bundler's runtime that it needs, and what it does not need the minifier removes. The
 * bundler would make them a file of their own, of 400 bytes, which every page has to wait for.
 */
export function runtimeInside(): Plugin {
  return {
    name: 'runtime-inside',
    apply: 'build',
    renderChunk(code, _chunk, _options, { chunks }) {
      const found = ITS_IMPORT.exec(code);
      if (found === null) return null;
      const lines = Object.values(chunks).find(({ moduleIds }) => moduleIds.includes(RUNTIME))?.modules[RUNTIME]?.code;
      // As in `r as __toESM`, which is its name in the runtime too.
      const names = found[1]?.split(',').map((one) => one.trim().split(' ').at(-1)) ?? [];
      const missing = names.filter((name) => !lines?.includes(`var ${name} =`));
      if (lines === undefined || missing.length > 0) throw new Error(`the runtime has no ${missing}`);
      return code.replace(ITS_IMPORT, () => `${lines}\n`);
    },
    generateBundle: {
      order: 'pre',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue;
          if (file.moduleIds.includes(RUNTIME)) delete bundle[file.fileName];
          else if (file.code.includes('/rolldown-runtime-')) throw new Error(`${file.fileName} asks for the runtime`);
        }
      },
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace(/ *<script[^>]*\/rolldown-runtime-[^>]*><\/script>\n/, ''),
    },
  };
}
