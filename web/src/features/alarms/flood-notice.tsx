import { Link } from 'wouter';
import type { AlarmFlood } from '../../api/types';
import { useAlarmWords } from '../../i18n/alarm-words';
import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import { formatClock } from '../../lib/time';
import { Notice } from '../../ui/notice';

/** More alarms than people can take in: one line for all of them, and where it began. */
export function FloodNotice({ flood, modeTitle }: { flood: AlarmFlood; modeTitle: (mode: string) => string }) {
  const { lang } = useWords();
  const words = useAlarmWords();
  const number = (value: number) => formatNumber(value, 0, lang);
  return (
    <Notice title={words.flood.title(number(flood.raises), number(flood.machines))} tone="warn">
      <p>
        {words.flood.began(formatClock(Date.parse(flood.begin)))}{' '}
        <Link href={`/alarms/${flood.first_alarm_id}`}>
          {flood.first_machine_id}, {modeTitle(flood.first_mode)}
        </Link>
        .
      </p>
      <p>{words.flood.grouped}</p>
    </Notice>
  );
}
