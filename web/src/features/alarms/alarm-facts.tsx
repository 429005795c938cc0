import type { AlarmDetail } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatDateTime } from '../../lib/time';
import { Facts } from '../../ui/facts';
import { Panel } from '../../ui/panel';

/** The alarm's times, and which model and policy decided. */
export function AlarmFacts({ alarm }: { alarm: AlarmDetail }) {
  const { lang } = useWords();
  const words = useAlarmWords().detail;
  const when = (at: string | null) => (at === null ? null : formatDateTime(Date.parse(at), lang));
  const model = alarm.assessment?.model;
  return (
    <Panel title={words.facts}>
      <Facts
        facts={[
          [words.raised, when(alarm.raised_at)],
          [words.acknowledged, when(alarm.acknowledged_at)],
          [words.returned, when(alarm.returned_at)],
          [words.ended, when(alarm.ended_at)],
          [words.assignee, alarm.assignee],
          [words.model, model === undefined ? alarm.model_digest : `${model.name} ${model.version}`],
          [words.policy, <code key="policy">{alarm.policy_digest}</code>],
          [words.id, <code key="id">{alarm.alarm_id}</code>],
        ]}
      />
    </Panel>
  );
}
