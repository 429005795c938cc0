import { useId } from 'react';
import { useReadingSchema } from '../../api/schema-query';
import type { ModelSummary } from '../../api/types';
import { useModelWords } from '../../i18n/model-words';
import { useUrlState } from '../../lib/url-state';
import { Failure } from '../../ui/failure';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { AlarmRatePanel } from './alarm-rate-panel';
import { AlarmTable } from './alarm-table';
import { CardFacts } from './card-facts';
import { DriftPanel } from './drift-panel';
import { ModeTable } from './mode-table';
import { firstOfModel, useModelCard, useModels } from './queries';
import { Reliability } from './reliability';

export const first = firstOfModel;

/** Can I trust it? */
export default function ModelPage() {
  const words = useModelWords();
  const models = useModels();
  const [url, setUrl] = useUrlState();
  const id = useId();
  const all = models.data?.models ?? [];
  const chosen = all.find(({ name }) => name === url.get('name')) ?? all[0];
  return (
    <div className={page['page']}>
      <div>
        <h1>{words.title}</h1>
        <p className={page['lead']}>{words.lead}</p>
      </div>
      {all.length > 1 && (
        <p>
          <label htmlFor={id}>{words.choose}</label>{' '}
          <select id={id} value={chosen?.name} onChange={(event) => setUrl({ name: event.target.value })}>
            {all.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </p>
      )}
      {models.error !== null && <Failure error={models.error} onRetry={() => void models.refetch()} />}
      {models.error === null && models.data === undefined && <Skeleton lines={10} />}
      {models.data !== undefined && chosen === undefined && (
        <Notice title={words.none}>
          <p>{words.noneHint}</p>
        </Notice>
      )}
      {chosen !== undefined && <Card key={chosen.name} summary={chosen} />}
    </div>
  );
}

function Card({ summary }: { summary: ModelSummary }) {
  const query = useModelCard(summary.name);
  // Titles of modes and features. Without them the page shows their names.
  const schema = useReadingSchema(summary.equipment).data;
  const card = query.data;
  if (card === undefined) {
    return query.error === null ? (
      <Skeleton lines={10} />
    ) : (
      <Failure error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  return (
    <>
      {query.error !== null && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      <AlarmTable card={card} />
      <div className={page['halves']}>
        <ModeTable card={card} modes={schema?.modes ?? []} />
        <Reliability bins={card.reliability} />
      </div>
      <AlarmRatePanel equipment={summary.equipment} />
      <DriftPanel card={card} equipment={summary.equipment} signals={schema?.signals ?? []} />
      <CardFacts card={card} equipment={summary.equipment} schema={schema} />
    </>
  );
}
