/**
 * Runs before the application has arrived, from a small file of its own: the page of this address is fetched beside the
 * application and not after it, and so are the answers that it shows first.
 */

import { askFor, loadPageOf } from './app/pages';

askFor(location);
// In a task of its own, before which what has arrived is worked off.
setTimeout(() => {
  loadPageOf(location.pathname).catch(() => {
    // The page asks for it again, and says then what is wrong.
  });
});
