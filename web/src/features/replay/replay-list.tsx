import type { ReplayItem } from '../../api/types';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatProbability } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/data-table';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { isUnfinished, useReplays } from './queries';

/** Every replay that is kept, the newest first. */
export function ReplayList({ onOpen }: { onOpen: (id: string) => void }) {
  const { lang } = useWords();
  const words = usePolicyWords().replay;
  const query = useReplays();
  const when = (text: string) => formatDateTime(Date.parse(text), lang);
  const state = (item: ReplayItem) =>
    isUnfinished(item)
      ? `${words.states[item.state]} · ${formatProbability(item.progress, lang)}`
      : words.states[item.state];
  return (
    <Panel title={words.all}>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && query.data === undefined && <Skeleton lines={4} />}
      {query.data?.replays.length === 0 && (
        <Notice title={words.none}>
          <p>{words.noneHint}</p>
        </Notice>
      )}
      {query.data !== undefined && query.data.replays.length > 0 && (
        <DataTable
          label={words.all}
          rows={query.data.replays}
          keyOf={({ replay_id: id }) => id}
          columns={[
            {
              title: words.asked,
              cell: (item) => (
                <Button aria-label={words.open(when(item.asked_at))} onClick={() => onOpen(item.replay_id)}>
                  {when(item.asked_at)}
                </Button>
              ),
            },
            { title: words.what, cell: ({ from, to }) => `${when(from)} – ${when(to)}` },
            {
              title: words.under,
              cell: ({ policy_version: version, note }) =>
                [version === null ? words.draft : words.version(version), note]
                  .filter((text) => text !== '')
                  .join(' · '),
            },
            { title: words.by, cell: ({ asked_by: who }) => who },
            { title: words.state, cell: state },
          ]}
        />
      )}
    </Panel>
  );
}
