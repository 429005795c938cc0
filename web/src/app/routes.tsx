/** Every page that exists: its path, its place in the navigation, its key. A new page is one entry here. */

import { type ComponentType, lazy } from 'react';
import { FleetPage } from '../features/fleet/fleet-page';
import type { Dictionary } from '../i18n/en';
import type { IconName } from '../ui/icon';

export interface Route {
  readonly path: string;
  readonly page: ComponentType;
  readonly nav?: {
    readonly label: (t: Dictionary) => string;
    readonly icon: IconName;
    readonly key: string;
    /** Seldom needed: under “More”, not in the bar. */
    readonly isSeldom?: true;
  };
}

const AlarmsPage = lazy(() => import('../features/alarms/alarms-page'));
const AlarmPage = lazy(() => import('../features/alarms/alarm-page'));
const MachinePage = lazy(() => import('../features/machine/machine-page'));
const PredictPage = lazy(() => import('../features/predict/predict-page'));

const ModelPage = lazy(() => import('../features/model/model-page'));
const DataHealthPage = lazy(() => import('../features/data-health/data-health-page'));
const PoliciesPage = lazy(() => import('../features/policies/policies-page'));
const ReplayPage = lazy(() => import('../features/replay/replay-page'));

export const ROUTES: readonly Route[] = [
  { path: '/', page: FleetPage, nav: { label: (t) => t.nav.fleet, icon: 'fleet', key: 'f' } },
  { path: '/alarms', page: AlarmsPage, nav: { label: (t) => t.nav.alarms, icon: 'alarm', key: 'a' } },
  { path: '/alarms/:id', page: AlarmPage },
  { path: '/machines/:id', page: MachinePage },
  { path: '/predict', page: PredictPage, nav: { label: (t) => t.nav.predict, icon: 'predict', key: 'p' } },
  { path: '/model', page: ModelPage, nav: { label: (t) => t.nav.model, icon: 'model', key: 'm' } },
  {
    path: '/data-health',
    page: DataHealthPage,
    nav: { label: (t) => t.nav.dataHealth, icon: 'health', key: 'd' },
  },
  {
    path: '/policies',
    page: PoliciesPage,
    nav: { label: (t) => t.nav.policies, icon: 'policies', key: 'o', isSeldom: true },
  },
  {
    path: '/replays',
    page: ReplayPage,
    nav: { label: (t) => t.nav.replays, icon: 'replay', key: 'r', isSeldom: true },
  },
];
