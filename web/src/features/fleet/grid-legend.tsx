import { useWords } from '../../i18n/t';
import { type MarkKind, URGENCY } from '../../lib/marks';
import { StatusMark } from '../../ui/status-mark';
import css from './fleet-grid.module.css';
import { markLabel } from './words';

/** What the greys mean, and those marks that are on the screen: a quiet fleet has a quiet legend. */
export function GridLegend({ marks }: { marks: ReadonlySet<MarkKind | null> }) {
  const { t } = useWords();
  return (
    <ul className={css['legend']} aria-label={t.fleet.legend}>
      <li>
        <span className={css['scale']} />
        {t.fleet.legendScale}
      </li>
      {URGENCY.filter((mark) => marks.has(mark)).map((mark) => (
        <li key={mark}>
          <StatusMark kind={mark} size={16} />
          {markLabel(mark, t)}
        </li>
      ))}
    </ul>
  );
}
