import type { ReadingSchema } from '../../api/reading-schema';
import { titleOf, useWords } from '../../i18n/t';
import { formatNumber, formatProbability } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { Facts } from '../../ui/facts';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import type { ModelCard } from './model-card';

interface Props {
  card: ModelCard;
  equipment: string;
  schema: ReadingSchema | undefined;
}

/** Where the model comes from, what it looks at, and what it cannot do. */
export function CardFacts({ card, equipment, schema }: Props) {
  const { t, lang } = useWords();
  const count = (value: number) => formatNumber(value, 0, lang);
  const titled = (name: string, specs: readonly { name: string; title: string }[] | undefined) =>
    titleOf(t, name, specs?.find((spec) => spec.name === name)?.title);
  const unforeseen = card.unforeseen.map((mode) => titled(mode, schema?.modes)).join(', ');
  return (
    <div className={page['halves']}>
      <Panel title={t.model.card}>
        <Facts
          facts={[
            [t.model.equipment, equipment],
            [t.model.version, card.version],
            [t.model.built, formatDateTime(Date.parse(card.createdAt), lang)],
            [
              t.model.trainedOn,
              `${card.data.source}, ${t.model.rows(count(card.data.rows), count(card.data.failures))}`,
            ],
            [t.model.features, card.features.map((name) => titled(name, schema?.features)).join(', ')],
            [t.model.limits, unforeseen === '' ? null : t.model.limitsNote(unforeseen)],
            [t.model.digest, <code key="digest">{card.digest}</code>],
            [
              t.model.libraries,
              Object.entries(card.libraries)
                .map(([name, version]) => `${name} ${version}`)
                .join(', '),
            ],
          ]}
        />
      </Panel>
      <Panel title={t.model.scores}>
        <Facts
          facts={[
            [
              t.model.thresholds,
              <ul key="thresholds">
                <li>{t.model.thresholdFailure(formatProbability(card.thresholds.failure, lang))}</li>
                <li>{t.model.thresholdAnomaly(formatNumber(card.thresholds.anomaly, 2, lang))}</li>
              </ul>,
            ],
            ...card.scores.map(([name, value]) => [name, formatNumber(value, 3, lang)] as const),
            [t.model.anomalies, t.model.anomalySummary(count(card.anomaly.failures), count(card.anomaly.normal))],
          ]}
        />
      </Panel>
    </div>
  );
}
