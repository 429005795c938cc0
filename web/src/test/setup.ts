/** Every test starts with the fake services and leaves an empty document behind. */

import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { installBrowser } from './browser';
import { server } from './fake-api';

installBrowser();
// A busy machine is slow, not wrong: what is awaited ends the wait as soon as it is there.
configure({ asyncUtilTimeout: 20_000 });
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  history.replaceState(null, '', '/');
});
afterAll(() => server.close());
