import type { FeatureSpec, SignalSpec } from '../api/reading-schema';
import type { Assessment, Reason } from '../api/types';
import { titleOf, useWords } from '../i18n/t';
import { decimalsFor, formatPoints, formatProbability, formatQuantity } from '../lib/format';
import css from './bars.module.css';
import { mainCauses, notableReasons } from './reasons';

interface Props {
  assessment: Assessment;
  features: readonly FeatureSpec[];
  signals: readonly SignalSpec[];
}

/** Why: a sentence, then what each cause added or took. Usual level + all rows = the shown probability. */
export function Contributions({ assessment, features, signals }: Props) {
  const { t, lang } = useWords();
  const rows = notableReasons(assessment);
  const largest = Math.max(0.01, ...rows.map((row) => Math.abs(row.contribution)));
  const title = ({ feature }: Reason) => titleOf(t, feature, features.find((one) => one.name === feature)?.title);
  const quantity = ({ feature, value, unit }: Reason) => {
    // A product type is had or not had; it has no amount.
    if (features.find((one) => one.name === feature)?.cause === 'type')
      return value >= 0.5 ? t.machine.yes : t.machine.no;
    const decimals = signals.find((signal) => signal.name === feature)?.decimals ?? decimalsFor(value);
    return formatQuantity(value, unit, decimals, lang);
  };
  const causes = mainCauses(assessment).map((reason) => `${t.machine.inSentence(title(reason))} ${quantity(reason)}`);
  return (
    <>
      <p className={css['sentence']}>
        {causes.length === 0 ? t.machine.reasonNone : t.machine.reasonUp(causes.join(t.machine.reasonAnd))}
      </p>
      <table className={css['reasons']}>
        <thead className="visually-hidden">
          <tr>
            <th>{t.machine.signal}</th>
            <td />
            <th>{t.machine.points}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.feature}>
              <th scope="row">
                {title(row)}
                <small>{quantity(row)}</small>
              </th>
              <td className={css['plot']}>
                <Diverging share={row.contribution / largest} />
              </td>
              <td className={css['points']}>{formatPoints(row.contribution, lang)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.machine.baseline}</th>
            <td />
            <td className={css['points']}>{formatPoints(assessment.baseline, lang)}</td>
          </tr>
          <tr>
            <th scope="row">{t.machine.sum}</th>
            <td />
            <td className={css['points']}>{formatProbability(assessment.failure_probability, lang)}</td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function Diverging({ share }: { share: number }) {
  return (
    <div className={css['diverging']} aria-hidden="true">
      <span className={share >= 0 ? css['up'] : css['down']} style={{ width: `${Math.abs(share) * 50}%` }} />
    </div>
  );
}
