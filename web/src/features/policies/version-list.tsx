import type { PolicyItem } from '../../api/types';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { Button } from '../../ui/button';
import { DataTable } from '../../ui/data-table';
import { Failure } from '../../ui/failure';
import { Skeleton } from '../../ui/notice';
import { Panel } from '../../ui/panel';
import { useVersions } from './queries';

interface Props {
  equipment: string;
  inForce: number;
  onLoad: (version: number) => void;
}

/** Who put what in force, when and why. None of them ever changes. */
export function VersionList({ equipment, inForce, onLoad }: Props) {
  const { lang } = useWords();
  const words = usePolicyWords().policies;
  const query = useVersions(equipment);
  const since = ({ made_at: at }: PolicyItem) => (at === null ? '–' : formatDateTime(Date.parse(at), lang));
  return (
    <Panel title={words.versions}>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.error === null && query.data === undefined && <Skeleton lines={3} />}
      {query.data !== undefined && (
        <DataTable
          label={words.versions}
          rows={query.data.versions}
          keyOf={({ version }) => String(version)}
          columns={[
            { title: words.number, cell: ({ version }) => formatNumber(version, 0, lang) },
            { title: words.when, cell: since },
            { title: words.who, cell: ({ author }) => author },
            { title: words.reason, cell: ({ reason }) => reason },
            {
              title: '',
              cell: ({ version }) =>
                version === inForce ? words.inForce : <Button onClick={() => onLoad(version)}>{words.load}</Button>,
            },
          ]}
        />
      )}
    </Panel>
  );
}
