import { useWords } from '../../i18n/t';
import { URGENCY } from '../../lib/marks';
import { StatusMark } from '../../ui/status-mark';
import css from './fleet-grid.module.css';
import { markLabel } from './words';

/** What the marks and the greys mean. */
export function GridLegend() {
  const { t } = useWords();
  return (
    <ul className={css['legend']} aria-label={t.fleet.legend}>
      <li>
        <span className={css['scale']} />
        {t.fleet.legendScale}
      </li>
      {URGENCY.map((mark) => (
        <li key={mark}>
          <StatusMark kind={mark} size={16} />
          {markLabel(mark, t)}
        </li>
      ))}
    </ul>
  );
}
