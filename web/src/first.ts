/**
 * Runs before the application has arrived, from a small file of its own: the page of this address is fetched beside the
 * application and not after it, and so are the answers that it shows first.
 */

import { askFor, loadPageOf } from './app/pages';
import { formatNumber } from './lib/format';
import { formatClock, zoneName } from './lib/time';

askFor(location);
loadPageOf(location.pathname).catch(() => {
  // The page asks for it again, and says then what is wrong.
});
// The first number and the first time that a browser writes take it tens of milliseconds, for which there is time now.
for (const decimals of [0, 1, 2]) formatNumber(0, decimals, 'en');
formatClock(0, 'en');
zoneName(0, 'en');
