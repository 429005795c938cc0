/** Everything in German, as one file. */

import { alarms } from './alarms-de';
import { de } from './de';
import { words } from './policies-de';
import type { Texts } from './t';

export const german: Texts = { main: de, alarms, policies: words };
