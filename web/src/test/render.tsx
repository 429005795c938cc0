import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { App, createQueryClient } from '../app/app';
import { LiveStore } from '../live/store';

/** The whole application at a path, as `main.tsx` starts it. */
export function open(path: string) {
  history.replaceState(null, '', path);
  const view = render(<App live={new LiveStore()} queries={createQueryClient()} />);
  return { ...view, user: userEvent.setup() };
}
