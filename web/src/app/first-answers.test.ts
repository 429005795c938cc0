import { screen } from '@testing-library/react';
import { delay, HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { LiveStore } from '../live/store';
import { machineList, server, summary } from '../test/fake-api';
import { open } from '../test/render';
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

  it('are the picture of a small fleet until the stream comes, and old when it does not', async () => {
    const machines = [summary('M1'), summary('M2')];
    server.use(
      http.get('/gateway/machines', () => HttpResponse.json(machineList(machines))),
      http.get('/gateway/stream', () => HttpResponse.error()),
    );
    const live = new LiveStore();
    await firstAnswers('/', { queries: createQueryClient(), live });
    expect(live.fleet.ids).toEqual(['M1', 'M2']);
    open('/', live);
    expect(await screen.findByText('2 machines')).toBeTruthy();
    expect(screen.queryByText(/^as of/)).toBeNull();
    expect(await screen.findAllByText(/^as of/, {}, { timeout: 6_000 })).not.toEqual([]);
  });
});
