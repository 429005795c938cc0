import type { ReadingSchema } from '../../api/reading-schema';
import { useModelWords } from '../../i18n/model-words';
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
  const words = useModelWords();
  const count = (value: number) => formatNumber(value, 0, lang);
  const titled = (name: string, specs: readonly { name: string; title: string }[] | undefined) =>
    titleOf(t, name, specs?.find((spec) => spec.name === name)?.title);
  const unforeseen = card.unforeseen.map((mode) => titled(mode, schema?.modes)).join(', ');
  return (
    <div className={page['halves']}>
      <Panel title={words.card}>
        <Facts
          facts={[
            [words.equipment, equipment],
            [words.version, card.version],
            [words.built, formatDateTime(Date.parse(card.createdAt), lang)],
            [words.trainedOn, `${card.data.source}, ${words.rows(count(card.data.rows), count(card.data.failures))}`],
            [words.features, card.features.map((name) => titled(name, schema?.features)).join(', ')],
            [words.limits, unforeseen === '' ? null : words.limitsNote(unforeseen)],
            [words.digest, <code key="digest">{card.digest}</code>],
            [
              words.libraries,
              Object.entries(card.libraries)
                .map(([name, version]) => `${name} ${version}`)
                .join(', '),
            ],
          ]}
        />
      </Panel>
      <Panel title={words.scores}>
        <Facts
          facts={[
            [
              words.thresholds,
              <ul key="thresholds">
                <li>{words.thresholdFailure(formatProbability(card.thresholds.failure, lang))}</li>
                <li>{words.thresholdAnomaly(formatNumber(card.thresholds.anomaly, 2, lang))}</li>
              </ul>,
            ],
            ...card.scores.map(([name, value]) => [name, formatNumber(value, 3, lang)] as const),
            [words.anomalies, words.anomalySummary(count(card.anomaly.failures), count(card.anomaly.normal))],
          ]}
        />
      </Panel>
    </div>
  );
}
