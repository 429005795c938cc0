import { build, type Plugin, type Rolldown } from 'vite';

type Bundle = Rolldown.OutputBundle;

/**
 * Puts `src/first.ts` into the page itself, before the application: a file of its own would take a connection and a
 * journey there and back, which a slow line pays for. The bar of the page is painted while the application is still on
 * its way, whose file stands back behind the style sheet. The policy names the hash of the script (`policy.mjs`).
 */
export function firstScript(): Plugin {
  return {
    name: 'first-script',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: async (html, { bundle }) => {
        const script = await bundled(pageFiles(bundle ?? {}, html));
        // Whoever sends the page writes its base path behind these two signs, which would be another script.
        for (const sign of ['="/', '</']) if (script.includes(sign)) throw new Error(`the first script holds ${sign}`);
        const application = /<script(?=[^>]*\/app-)/;
        if (!application.test(html)) throw new Error('the page names no application');
        return html.replace(application, () => `<script>${script}</script>\n    <script fetchpriority="low"`);
      },
    },
  };
}

/** The files of each page, by its module below `features/`, beside those that `html` names. */
function pageFiles(bundle: Bundle, html: string): Record<string, string[]> {
  const files: Record<string, string[]> = {};
  for (const chunk of Object.values(bundle)) {
    const [, page] = (chunk.type === 'chunk' && chunk.facadeModuleId?.match(/\/features\/(.+-page)\.tsx$/)) || [];
    if (page === undefined) continue;
    files[page] = [...reach(bundle, chunk.fileName)].filter((file) => !html.includes(file));
  }
  return files;
}

function reach(bundle: Bundle, file: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[file];
  if (found.has(file) || chunk?.type !== 'chunk') return found;
  found.add(file);
  for (const next of chunk.imports) reach(bundle, next, found);
  return found;
}

async function bundled(files: Record<string, string[]>): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    define: { PAGE_FILES: JSON.stringify(files) },
    build: { write: false, rolldownOptions: { input: 'src/first.ts', output: { format: 'iife' } } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !('output' in output)) throw new Error('the first script was not built');
  return output.output[0].code.trim();
}
