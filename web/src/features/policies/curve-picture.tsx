import type { ThresholdChoice } from '../../api/types';
import { usePolicyWords } from '../../i18n/policy-words';
import { useWords } from '../../i18n/t';
import { formatMoney, formatNumber } from '../../lib/format';
import css from './cost-curve.module.css';

const WIDTH = 600;
const HEIGHT = 160;
/** As many points as can be listened to. */
const SPOKEN = 6;

/** The costs over the threshold as a line; where a shift would have had too many alarms it is thin. */
export function CurvePicture({ choice, title }: { choice: ThresholdChoice; title: string }) {
  const { lang } = useWords();
  const words = usePolicyWords().policies;
  const points = [...choice.curve].filter(({ threshold }) => threshold <= 1).sort((a, b) => a.threshold - b.threshold);
  const most = Math.max(1, ...points.map(({ bill }) => bill));
  const x = (threshold: number) => threshold * WIDTH;
  const y = (bill: number) => (1 - bill / most) * HEIGHT;
  const money = (value: number) => formatMoney(value, choice.currency, lang);
  const path = (all: typeof points) =>
    all
      .map(({ threshold, bill }, at) => `${at === 0 ? 'M' : 'L'}${x(threshold).toFixed(1)} ${y(bill).toFixed(1)}`)
      .join('');
  const step = Math.max(1, Math.ceil(points.length / SPOKEN));
  const spoken = points
    .filter((_, at) => at % step === 0)
    .map(({ threshold, bill }) => `${formatNumber(threshold, 2, lang)} ${money(bill)}`)
    .join(', ');
  return (
    <figure className={css['figure']}>
      <span className={css['top']}>{money(most)}</span>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.curveLabel(title, spoken)}
      >
        <path className={css['all']} d={path(points)} />
        <path className={css['possible']} d={path(points.filter(({ within_budget }) => within_budget))} />
        {choice.present !== null && (
          <line
            className={css['present']}
            x1={x(choice.present.threshold)}
            x2={x(choice.present.threshold)}
            y2={HEIGHT}
          />
        )}
        {choice.chosen !== null && choice.chosen.threshold <= 1 && (
          <line className={css['chosen']} x1={x(choice.chosen.threshold)} x2={x(choice.chosen.threshold)} y2={HEIGHT} />
        )}
      </svg>
      <figcaption className={css['axis']}>
        <span>{formatNumber(0, 1, lang)}</span>
        <span>{words.threshold}</span>
        <span>{formatNumber(1, 1, lang)}</span>
      </figcaption>
      <ul className={css['legend']} aria-hidden="true">
        <li className={css['keyPresent']}>{words.present}</li>
        <li className={css['keyChosen']}>{words.cheapest}</li>
        <li className={css['keyPossible']}>{words.inBudget}</li>
      </ul>
    </figure>
  );
}
