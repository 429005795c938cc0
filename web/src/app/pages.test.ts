import { waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { takeEarly } from '../api/early';
import { open } from '../test/render';
import { askFor, LOADERS, loadPageOf, pageThatArrived } from './pages';

describe('the page of an address', () => {
  it('is fetched with what its path names, and no other', async () => {
    expect((await loadPageOf('/alarms/0123'))?.id).toBe('0123');
    expect(pageThatArrived('/alarms/:id')).toBe((await LOADERS['/alarms/:id']()).default);
    expect(pageThatArrived('/alarms')).toBeUndefined();
    expect((await loadPageOf('/alarms/%E0%A4'))?.id).toBe('%E0%A4');
  });

  it('is none for an address that no page has', async () => {
    for (const path of ['/nothing', '/alarms/1/2', '']) expect(await loadPageOf(path)).toBeUndefined();
  });

  const replay = `/replays?id=${'ab'.repeat(16)}`;
  it.each([...Object.keys(LOADERS).map((path) => path.replace(':id', 'M18096')), '/alarms?tab=history', replay])(
    'asks early for nothing that %s does not ask for',
    async (address) => {
      const asking = vi.spyOn(globalThis, 'fetch');
      askFor(new URL(address, 'http://localhost'));
      const asked = asking.mock.calls.map(([path]) => String(path));
      expect(asked).toContain('/api/schema/milling');
      // Without them the page asks itself.
      for (const path of asked) takeEarly(path);
      asking.mockClear();
      open(address);
      await waitFor(() => expect(asking.mock.calls.map(([path]) => path)).toEqual(expect.arrayContaining(asked)), {
        timeout: 5_000,
      });
    },
  );
});
