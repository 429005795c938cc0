import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstScript } from './scripts/first-script.ts';
import { runtimeInside } from './scripts/runtime-inside.ts';

// `npm run dev` shows the data of a server that runs on port 8080.
const server = 'http://localhost:8080';

export default defineConfig({
  plugins: [react(), runtimeInside(), firstScript()],
  build: {
    manifest: true,
    cssCodeSplit: false,
    // Everything but the first script is a file of its own origin: the policy allows nothing else inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A file takes a connection and a journey there and back, which a slow line pays for: what every page needs is
          // one, with what the fleet needs and others too; and what some of the others share is another.
          groups: [
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
