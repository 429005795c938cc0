import { useState } from 'react';
import { useReadingSchema } from '../../api/schema-query';
import type { AlarmDetail, Assessment } from '../../api/types';
import { Contributions } from '../../charts/contributions';
import { LimitBars } from '../../charts/limit-bars';
import { ModeBars } from '../../charts/mode-bars';
import { useAlarmWords } from '../../i18n/alarm-words';
import { titleOf, useWords } from '../../i18n/t';
import { formatQuantity } from '../../lib/format';
import { Facts } from '../../ui/facts';
import { Notice, Skeleton } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import css from './alarm-page.module.css';

/** What the assessment said that raised the alarm: the reading, what could fail, why, and the published limits. */
export function Evidence({ alarm }: { alarm: AlarmDetail }) {
  const words = useAlarmWords().detail;
  return alarm.assessment === null ? (
    <Panel title={words.evidence}>
      <Notice title={words.noEvidence} />
    </Panel>
  ) : (
    <Pictures assessment={alarm.assessment} mode={alarm.mode} />
  );
}

function Pictures({ assessment, mode }: { assessment: Assessment; mode: string }) {
  const { t, lang } = useWords();
  const words = useAlarmWords().detail;
  const schema = useReadingSchema(assessment.equipment).data;
  const [selected, setSelected] = useState(mode);
  if (schema === undefined) return <Skeleton lines={8} />;
  const { modes, features, signals } = schema;
  return (
    <div className={css['pictures']}>
      <div className={page['page']}>
        <Panel title={words.evidence}>
          <ModeBars assessment={assessment} modes={modes} selected={selected} onSelect={setSelected} />
          <div className={css['reading']}>
            <Facts
              facts={signals.map(({ name, title, unit, decimals }) => {
                const value = assessment.signals[name];
                return [
                  titleOf(t, name, title),
                  value === undefined ? null : formatQuantity(value, unit, decimals, lang),
                ] as const;
              })}
            />
          </div>
        </Panel>
        <Panel title={words.limits}>
          <LimitBars assessment={assessment} modes={modes} />
        </Panel>
      </div>
      <Panel title={t.machine.why}>
        <Contributions assessment={assessment} features={features} signals={signals} />
      </Panel>
    </div>
  );
}
