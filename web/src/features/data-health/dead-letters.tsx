import type { DeadLetterReason } from '../../api/types';
import { useDataHealthWords } from '../../i18n/data-health-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { formatDateTime } from '../../lib/time';
import { Notice } from '../../ui/notice';
import page from '../../ui/page.module.css';
import { Panel } from '../../ui/panel';
import css from './dead-letters.module.css';
import { Redrive } from './redrive';

/** What was refused for good, by reason, with the newest of each to look at. */
export function DeadLetters({ reasons }: { reasons: readonly DeadLetterReason[] }) {
  const words = useDataHealthWords();
  const byCount = [...reasons].sort((a, b) => b.count - a.count);
  return (
    <Panel title={words.deadLetters}>
      {byCount.length === 0 ? (
        <Notice title={words.deadLettersNone} />
      ) : (
        <>
          <ul>
            {byCount.map((reason) => (
              <Reason key={reason.code} reason={reason} />
            ))}
          </ul>
          <p className={page['note']}>{words.deadLettersHint}</p>
        </>
      )}
    </Panel>
  );
}

function Reason({ reason }: { reason: DeadLetterReason }) {
  const { t, lang } = useWords();
  const words = useDataHealthWords();
  const { code, count, open, redriven, last_at, samples } = reason;
  return (
    <li className={css['reason']}>
      <p className={css['line']}>
        <strong>{formatNumber(count, 0, lang)}</strong>
        <span>
          {t.codes[code] ?? code} <code>{code}</code>
        </span>
        <span className={css['last']}>
          {words.stand(formatNumber(open, 0, lang), formatNumber(redriven, 0, lang))} · {words.last}{' '}
          {formatDateTime(Date.parse(last_at), lang)}
        </span>
      </p>
      <Redrive reason={reason} />
      {samples.length > 0 && (
        <details>
          <summary>{words.samples(samples.length)}</summary>
          <ul>
            {samples.map((sample) => (
              <li key={sample.id} className={css['sample']}>
                <p>{sample.detail}</p>
                <pre className={css['value']}>{sample.value_start}</pre>
                <p className={css['last']}>
                  {formatDateTime(Date.parse(sample.refused_at), lang)} · {words.where(sample.origin, sample.service)}
                </p>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
