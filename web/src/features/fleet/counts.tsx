import { useWords } from '../../i18n/t';
import { formatNumber } from '../../lib/format';
import type { MarkKind } from '../../lib/marks';
import { FILTERS, type Filter } from '../../live/condition';
import { StatusMark } from '../../ui/status-mark';
import css from './counts.module.css';

interface Props {
  counts: Readonly<Record<Filter, number>>;
  marks: Readonly<Record<Exclude<Filter, 'all'>, MarkKind | null>>;
  filter: Filter;
  onChange: (filter: Filter) => void;
}

/** How many machines are in which condition; each count is a filter. The mark is the most urgent one among them. */
export function Counts({ counts, marks, filter, onChange }: Props) {
  const { t, lang } = useWords();
  const labels: Readonly<Record<Filter, string>> = {
    all: t.fleet.all,
    attention: t.fleet.attention,
    cannot_judge: t.fleet.cannotJudge,
    unusual: t.fleet.unusual,
    silent: t.fleet.silent,
    normal: t.fleet.normal,
  };
  return (
    <fieldset className={css['counts']}>
      <legend className="visually-hidden">{t.fleet.show}</legend>
      {FILTERS.map((value) => {
        const mark = value === 'all' ? null : marks[value];
        return (
          <button
            key={value}
            type="button"
            className={css['count']}
            aria-pressed={filter === value}
            onClick={() => onChange(filter === value ? 'all' : value)}
          >
            <span className={css['number']}>
              {mark !== null && <StatusMark kind={mark} size={18} />}
              {formatNumber(counts[value], 0, lang)}
            </span>
            <span className={css['label']}>{labels[value]}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
