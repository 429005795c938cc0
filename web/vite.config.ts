import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` shows the data of a server that runs on port 8080.
const server = 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    manifest: true,
    // Everything is a file of its own origin: the content security policy allows no inline anything.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
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
