import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { type Ask, DeskContext } from '../alarms/desk';
import type { Request } from '../features/alarms/desk-host';
import { ErrorBoundary } from './error-page';

const DeskHost = lazy(() => import('../features/alarms/desk-host'));

/** Lets every page act on alarms; what that takes is loaded when somebody first does. */
export function DeskProvider({ children }: { children: ReactNode }) {
  const [request, setRequest] = useState<Request | null>(null);
  const ask = useCallback<Ask>((deed, alarm) => setRequest({ deed, alarm }), []);
  return (
    <DeskContext.Provider value={ask}>
      {children}
      {request !== null && (
        <ErrorBoundary>
          <Suspense>
            <DeskHost request={request} />
          </Suspense>
        </ErrorBoundary>
      )}
    </DeskContext.Provider>
  );
}
