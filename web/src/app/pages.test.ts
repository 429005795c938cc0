import { describe, expect, it } from 'vitest';
import { LOADERS, loadPageOf, pageThatArrived } from './pages';

describe('the page of an address', () => {
  it('is fetched with what its path names, and no other', async () => {
    await loadPageOf('/alarms/0123');
    expect(pageThatArrived('/alarms/:id')).toBe((await LOADERS['/alarms/:id']()).default);
    expect(pageThatArrived('/alarms')).toBeUndefined();
  });

  it('is none for the fleet, which comes with the application, and for an address that no page has', async () => {
    for (const path of ['/', '/nothing', '/alarms/1/2', '']) await loadPageOf(path);
    expect(Object.keys(LOADERS).filter((path) => path !== '/alarms/:id' && pageThatArrived(path))).toEqual([]);
  });
});
