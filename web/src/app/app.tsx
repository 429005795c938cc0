import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { Route, Router, Switch, useLocation } from 'wouter';
import { mayHeal } from '../api/errors';
import { useWords } from '../i18n/t';
import { BASE_PATH } from '../lib/base-path';
import { painted } from '../lib/painted';
import type { LiveStore } from '../live/store';
import { LiveContext } from '../live/use-live';
import { Skeleton } from '../ui/notice';
import { DeskProvider } from './desk-provider';
import { ErrorBoundary, NotFoundPage } from './error-page';
import { ROUTES } from './routes';
import { Shell } from './shell';

/** Retries what may heal by itself; an answer in the 400s will not. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && mayHeal(error),
        refetchOnWindowFocus: false,
        staleTime: 5_000,
      },
    },
  });
}

export function App({ live, queries }: { live: LiveStore; queries: QueryClient }) {
  useEffect(() => {
    const away = new AbortController();
    // What is live comes onto a page that is there.
    void painted().then(() => {
      if (!away.signal.aborted) away.signal.addEventListener('abort', live.start());
    });
    return () => away.abort();
  }, [live]);
  return (
    <QueryClientProvider client={queries}>
      <LiveContext.Provider value={live}>
        <Router base={BASE_PATH}>
          <DeskProvider>
            <Shell>
              <Pages />
            </Shell>
          </DeskProvider>
        </Router>
      </LiveContext.Provider>
    </QueryClientProvider>
  );
}

function Pages() {
  const [location] = useLocation();
  const { t } = useWords();
  useEffect(() => {
    document.title = t.product;
  }, [t]);
  return (
    <ErrorBoundary key={location}>
      <Suspense fallback={<Skeleton lines={8} />}>
        <Switch>
          {ROUTES.map(({ path, page }) => (
            <Route key={path} path={path} component={page} />
          ))}
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
