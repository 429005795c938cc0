import type { AlarmTransition } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatProbability } from '../../lib/format';
import { formatClock, formatDateTime } from '../../lib/time';
import css from './alarm-page.module.css';

/** Who did what and why, in the order in which it took effect. */
export function TransitionLog({ transitions }: { transitions: readonly AlarmTransition[] }) {
  const { lang } = useWords();
  const words = useAlarmWords();
  const detail = ({ kind, assignee, until, score }: AlarmTransition) =>
    [
      words.kinds[kind],
      assignee !== null && words.toPerson(assignee),
      until !== null && words.untilTime(formatClock(Date.parse(until))),
      score !== null && `(${words.score(formatProbability(score, lang))})`,
    ]
      .filter((part) => part !== false)
      .join(' ');
  return (
    <ol className={css['log']}>
      {transitions.map((each) => (
        <li key={each.seq}>
          <time dateTime={each.at} title={formatDateTime(Date.parse(each.at), lang)}>
            {formatClock(Date.parse(each.at))}
          </time>
          <div>
            <p>
              {detail(each)} <small>{words.by(each.actor === 'system' ? words.system : each.actor)}</small>
            </p>
            {each.actor !== 'system' && each.reason !== '' && <p className={css['note']}>{each.reason}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}
