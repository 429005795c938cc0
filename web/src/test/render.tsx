import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App, createQueryClient } from '../app/app';
import { LiveStore } from '../live/store';

/** The whole application at a path, as `main.tsx` starts it; only the pause between two tries is left out. */
export function open(path: string, live = new LiveStore()) {
  history.replaceState(null, '', path);
  const queries = createQueryClient();
  const { queries: options } = queries.getDefaultOptions();
  queries.setDefaultOptions({ queries: { ...options, retryDelay: 0 } });
  const view = render(<App live={live} queries={queries} />);
  return { ...view, user: userEvent.setup() };
}
