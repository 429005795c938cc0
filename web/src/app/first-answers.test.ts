import { delay, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { LiveStore } from '../live/store';
import { server } from '../test/fake-api';
import { createQueryClient } from './app';
import { firstAnswers } from './first-answers';

describe('the first answers of a page', () => {
  it('are there before it is drawn', async () => {
    const queries = createQueryClient();
    await firstAnswers('/machines/M18096', { queries, live: new LiveStore() });
    expect(queries.getQueryData(['machine', 'M18096'])).toBeDefined();
    expect(queries.getQueryData(['schema', 'milling'])).toBeDefined();
  });

  it('are not waited for when they take long', async () => {
    server.use(http.get('/gateway/machines/:id', () => delay('infinite')));
    const queries = createQueryClient();
    await firstAnswers('/machines/M18096', { queries, live: new LiveStore() });
    expect(queries.getQueryState(['machine', 'M18096'])?.status).toBe('pending');
    await queries.cancelQueries();
  });
});
