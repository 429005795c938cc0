import { Component, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useWords } from '../i18n/t';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';

export function NotFoundPage() {
  const { t } = useWords();
  return (
    <Notice title={t.panel.notFound}>
      <Link href="/">{t.panel.backToFleet}</Link>
    </Notice>
  );
}

function CrashedPage({ error }: { error: Error }) {
  const { t } = useWords();
  return (
    <Notice title={t.panel.crashed} tone="warn">
      <p>{error.message}</p>
      <Button onClick={() => location.reload()}>{t.panel.reload}</Button>
    </Notice>
  );
}

/** One page's crash leaves the frame standing; `key` it by path so that going elsewhere recovers. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    return this.state.error === null ? this.props.children : <CrashedPage error={this.state.error} />;
  }
}
