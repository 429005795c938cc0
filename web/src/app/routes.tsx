/** Every page that exists: its path, its place in the navigation, its key. A new page is one entry here. */

import { type ComponentType, lazy, useState } from 'react';
import type { Dictionary } from '../i18n/en';
import type { IconName } from '../ui/icon';
import { loadPage, pageThatArrived } from './load-page';
import type { PagePath } from './pages';

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

/** A page with a file of its own. The one that the visitor came for is there by now and needs no moment of waiting. */
function page(path: PagePath): Pick<Route, 'path' | 'page'> {
  const Later = lazy(() => loadPage(path));
  return {
    path,
    page: () => {
      const [Page] = useState(() => pageThatArrived(path) ?? Later);
      return <Page />;
    },
  };
}

export const ROUTES: readonly Route[] = [
  { ...page('/'), nav: { label: (t) => t.nav.fleet, icon: 'fleet', key: 'f' } },
  { ...page('/alarms'), nav: { label: (t) => t.nav.alarms, icon: 'alarm', key: 'a' } },
  page('/alarms/:id'),
  page('/machines/:id'),
  { ...page('/predict'), nav: { label: (t) => t.nav.predict, icon: 'predict', key: 'p' } },
  { ...page('/model'), nav: { label: (t) => t.nav.model, icon: 'model', key: 'm' } },
  {
    ...page('/data-health'),
    nav: { label: (t) => t.nav.dataHealth, icon: 'health', key: 'd' },
  },
  {
    ...page('/policies'),
    nav: { label: (t) => t.nav.policies, icon: 'policies', key: 'o', isSeldom: true },
  },
  {
    ...page('/replays'),
    nav: { label: (t) => t.nav.replays, icon: 'replay', key: 'r', isSeldom: true },
  },
];
