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
// The first number and the first time that a browser writes take it tens of milliseconds, for which there is time now:
// each in a task of its own, between which what has arrived is worked off.
const firsts = [
  () => formatNumber(0, 0, 'en'),
  () => formatNumber(0, 1, 'en'),
  () => formatNumber(0, 2, 'en'),
  () => formatClock(0, 'en'),
  () => zoneName(0, 'en'),
];
for (const first of firsts) setTimeout(first);
