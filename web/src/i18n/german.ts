/** Everything in German, as one file. */

import { alarms } from './alarms-de';
import { dataHealth } from './data-health-de';
import { de } from './de';
import { model } from './model-de';
import { words } from './policies-de';
import { predict } from './predict-de';
import type { Texts } from './t';

export const german: Texts = { main: de, alarms, policies: words, model, predict, dataHealth };
