import { useReadingSchema } from '../../api/schema-query';
import type { AlarmDetail } from '../../api/types';
import { ModeDetail } from '../../charts/mode-detail';
import { useAlarmWords } from '../../i18n/alarm-words';
import { titleOf, useWords } from '../../i18n/t';
import { decimalsFor, formatPoints, formatProbability, formatQuantity } from '../../lib/format';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import css from './alarm-page.module.css';

/** The nearest change that clears a broken limit, the main cause, and the playbook of the profile. */
export function AdvicePanel({ alarm }: { alarm: AlarmDetail }) {
  const { t, lang } = useWords();
  const words = useAlarmWords().detail;
  const schema = useReadingSchema(alarm.equipment).data;
  const { advice } = alarm;
  const cause = advice?.cause ?? null;
  const failure = alarm.assessment?.thresholds.failure;
  const afterwards = (probability: number) =>
    (failure !== undefined && probability >= failure ? words.another : words.afterwards)(
      formatProbability(probability, lang),
    );
  const quantity = (value: number, unit: string) => formatQuantity(value, unit, decimalsFor(value), lang);
  const causeTitle =
    cause === null ? '' : titleOf(t, cause.feature, schema?.features.find(({ name }) => name === cause.feature)?.title);
  return (
    <Panel title={words.advice}>
      {advice?.changes.map((change) => (
        <p key={change.quantity} className={css['change']}>
          {words.change(
            titleOf(t, change.quantity, schema?.signals.find(({ name }) => name === change.quantity)?.title),
            quantity(change.value, change.unit),
            change.side,
            quantity(change.limit, change.unit),
            quantity(change.by, change.unit),
          )}
          {change.failure_probability !== null && change.failure_probability !== undefined && (
            <span> {afterwards(change.failure_probability)}</span>
          )}
        </p>
      ))}
      {advice?.changes.length === 0 && <p className={page['lead']}>{words.modelOnly}</p>}
      {cause !== null && (
        <p>
          {words.cause}: {causeTitle} {quantity(cause.value, cause.unit)} ({formatPoints(cause.contribution, lang)}{' '}
          {t.machine.points})
        </p>
      )}
      <ModeDetail mode={schema?.modes.find(({ name }) => name === alarm.mode)} />
    </Panel>
  );
}
