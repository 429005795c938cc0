import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the data of a server that runs on port 8080.
const server = 'http://localhost:8080';

/** The bar of the page is painted while the application is still on its way: its file stands back behind the style sheet. */
function paintFirst(): Plugin {
  return {
    name: 'paint-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace(/<script(?=[^>]*\/app-)/, '<script fetchpriority="low"'),
    },
  };
}

export default defineConfig({
  plugins: [react(), paintFirst()],
  build: {
    manifest: true,
    cssCodeSplit: false,
    // Everything is a file of its own origin: the content security policy allows no inline anything.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', first: 'src/first.ts' },
      output: {
        codeSplitting: {
          // A file takes a connection and a journey there and back, which a slow line pays for: what every page needs is
          // one, with what the fleet needs and others too; and what some of the others share is another.
          groups: [
            {
              name: 'first',
              test: /src\/(first|app\/pages|api\/(early|lanes|paths)|lib\/base-path)\.ts$|vite\/preload-helper/,
              priority: 4,
            },
            {
              name: 'app',
              test: /src\/(main\.tsx$|(ui|lib|live|api)\/|alarms\/(alarm-state|use-alarm-keys)|charts\/colours)/,
              priority: 2,
            },
            { name: 'shared', test: /\/web\/(src|node_modules)\//, minShareCount: 2, priority: 1 },
          ],
        },
      },
    },
  },
  // Scripts find each other wherever the application lies; only the page names its base path, which whoever sends it may
  // change (nginx/base-path.conf).
  experimental: {
    renderBuiltUrl: (file, { hostType }) => (hostType === 'html' ? `/${file}` : { relative: true }),
  },
  server: { proxy: { '/api': server, '/gateway': server, '/ingest': server } },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    isolate: false,
    testTimeout: 60_000,
    env: { TZ: 'UTC' },
    css: { include: /.+/, modules: { classNameStrategy: 'non-scoped' } },
  },
});
