/** Every test starts with the fake services and leaves an empty document behind. */

import { cleanup } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { installBrowser } from './browser';
import { server } from './fake-api';

installBrowser();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  history.replaceState(null, '', '/');
});
afterAll(() => server.close());
