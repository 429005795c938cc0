/** Every page that exists: its path, its place in the navigation, its key. A new page is one entry here. */

import { type ComponentType, lazy } from 'react';
import { FleetPage } from '../features/fleet/fleet-page';
import type { Dictionary } from '../i18n/en';
import type { IconName } from '../ui/icon';

export interface Route {
  readonly path: string;
  readonly page: ComponentType;
  readonly nav?: { readonly label: (t: Dictionary) => string; readonly icon: IconName; readonly key: string };
}

const MachinePage = lazy(() => import('../features/machine/machine-page'));
const PredictPage = lazy(() => import('../features/predict/predict-page'));

export const ROUTES: readonly Route[] = [
  { path: '/', page: FleetPage, nav: { label: (t) => t.nav.fleet, icon: 'fleet', key: 'f' } },
  { path: '/machines/:id', page: MachinePage },
  { path: '/predict', page: PredictPage, nav: { label: (t) => t.nav.predict, icon: 'predict', key: 'p' } },
];
