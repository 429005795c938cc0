import { usePolicyWords } from '../../i18n/policy-words';
import { useUrlState } from '../../lib/url-state';
import { usePainted } from '../../lib/use-painted';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { AskForm } from './ask-form';
import { firstOfReplays, useEquipment } from './queries';
import { ReplayList } from './replay-list';
import { ReplayPanel } from './replay-panel';

export const first = firstOfReplays;

/** What would have happened? A replay that is open is painted first, and then what stands below it. */
export default function ReplayPage() {
  const words = usePolicyWords();
  const [url, setUrl] = useUrlState();
  const isPainted = usePainted();
  const id = url.get('id');
  const open = (next: string | null) => setUrl({ id: next });
  return (
    <div className={page['page']}>
      <div>
        <h1>{words.replay.title}</h1>
        <p className={page['lead']}>{words.replay.lead}</p>
      </div>
      {id !== null && <ReplayPanel key={id} id={id} onClose={() => open(null)} />}
      {(id === null || isPainted) && <AskAndList onOpen={open} />}
    </div>
  );
}

function AskAndList({ onOpen }: { onOpen: (id: string) => void }) {
  const words = usePolicyWords();
  const policies = useEquipment();
  const [first] = policies.data?.policies ?? [];
  return (
    <>
      {policies.error !== null && <Failure error={policies.error} onRetry={() => void policies.refetch()} />}
      {policies.error === null && policies.data === undefined && <Skeleton lines={20} />}
      {policies.data !== undefined && first === undefined && (
        <Notice title={words.policies.none}>
          <p>{words.policies.noneHint}</p>
        </Notice>
      )}
      {first !== undefined && <AskForm equipment={first.equipment} onAsked={onOpen} />}
      <ReplayList onOpen={onOpen} />
    </>
  );
}
