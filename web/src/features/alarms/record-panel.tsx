import { useModeTitle } from '../../alarms/mode-title';
import { recordSentence } from '../../alarms/record';
import type { AlarmDetail } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatMoney, formatNumber } from '../../lib/format';
import { formatAge, formatDateTime } from '../../lib/time';
import { Facts } from '../../ui/facts';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import css from './alarm-page.module.css';

/** How often such alarms were right, what they were worth, and what was found about this one. */
export function RecordPanel({ alarm }: { alarm: AlarmDetail }) {
  const { lang } = useWords();
  const words = useAlarmWords();
  const modeTitle = useModeTitle(alarm.equipment);
  const { track_record: known, verdict } = alarm;
  const count = (value: number) => formatNumber(value, 0, lang);
  return (
    <Panel title={words.record.title}>
      {known === null ? (
        <p>{words.record.none}</p>
      ) : (
        <>
          <p className={css['sentence']}>{recordSentence(known.record, words, lang)}</p>
          <p className={page['lead']}>{words.record.scope[known.scope]}</p>
          <Facts
            facts={[
              [
                words.record.net,
                known.record.judged === 0 ? null : formatMoney(known.record.net, known.currency, lang),
              ],
              [words.record.lead, known.record.lead_s === null ? null : formatAge(known.record.lead_s, lang)],
              [words.record.missed, known.record.missed === 0 ? null : count(known.record.missed)],
              [words.record.planned, known.record.planned === 0 ? null : count(known.record.planned)],
            ]}
          />
        </>
      )}
      <div className={css['found']}>
        <h3>{words.detail.verdict}</h3>
        {verdict === null ? (
          <p className={page['lead']}>{words.detail.noVerdict}</p>
        ) : (
          <>
            <p>
              {words.dialog.finding} <strong>{words.dialog.findings[verdict.finding]}</strong>
              {verdict.true_mode !== null && ` · ${modeTitle(verdict.true_mode)}`}
            </p>
            <p className={page['lead']}>
              {words.detail.said(verdict.actor, formatDateTime(Date.parse(verdict.given_at), lang))}
            </p>
            {verdict.note !== '' && <q>{verdict.note}</q>}
          </>
        )}
      </div>
    </Panel>
  );
}
