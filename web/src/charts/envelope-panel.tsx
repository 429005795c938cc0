import type { SignalSpec } from '../api/reading-schema';
import type { Assessment } from '../api/types';
import { useWords } from '../i18n/t';
import { formatNumber, formatQuantity } from '../lib/format';
import { Panel } from '../ui/panel';
import { powerCurve, powerLimits, type Spot, stretches } from './envelope';
import css from './envelope-panel.module.css';
import type { Drawable } from './history';

const WIDTH = 560;
const HEIGHT = 260;
const TRAIL_S = 600;
const SHADES = 6;

interface Props {
  assessment: Assessment;
  signals: readonly SignalSpec[];
  drawable: Drawable;
}

/** Torque over speed with the limits of power, and the way of the last ten minutes. Nothing for other equipment. */
export function EnvelopePanel({ assessment, signals, drawable }: Props) {
  const { t, lang } = useWords();
  const speed = signals.find(({ unit }) => unit === 'rpm');
  const torque = signals.find(({ unit }) => unit === 'Nm');
  const limits = powerLimits(assessment.rules);
  const [first] = limits;
  if (speed === undefined || torque === undefined || first === undefined) return null;
  const now: Spot = {
    speed: assessment.signals[speed.name] ?? 0,
    torque: assessment.signals[torque.name] ?? 0,
  };
  const power = (watts: number) => formatQuantity(watts, 'W', 0, lang);
  const sentence = t.machine.delivers(
    formatQuantity(now.speed, speed.unit, speed.decimals, lang),
    formatQuantity(now.torque, torque.unit, torque.decimals, lang),
    power(first.value),
  );
  return (
    <Panel title={t.machine.envelope}>
      <p className={css['sentence']}>{sentence}</p>
      <ul className={css['limits']}>
        {limits.map(({ name, bound, limit }) => (
          <li key={name}>{bound === 'above' ? t.machine.most(power(limit)) : t.machine.least(power(limit))}</li>
        ))}
      </ul>
      <Picture {...{ speed, torque, now, drawable }} limits={limits.map(({ limit }) => limit)} label={sentence} />
      <p className={css['note']}>{t.machine.trail}</p>
    </Panel>
  );
}

interface PictureProps {
  speed: SignalSpec;
  torque: SignalSpec;
  now: Spot;
  limits: readonly number[];
  drawable: Drawable;
  label: string;
}

function Picture({ speed, torque, now, limits, drawable, label }: PictureProps) {
  const { lang } = useWords();
  const [left, right] = speed.envelope;
  const [bottom, top] = torque.envelope;
  const x = (rpm: number) => clamp((rpm - left) / (right - left)) * WIDTH;
  const y = (nm: number) => (1 - clamp((nm - bottom) / (top - bottom))) * HEIGHT;
  const line = (spots: readonly Spot[]) => spots.map((spot) => `${x(spot.speed)},${y(spot.torque)}`).join(' ');
  const fromS = (drawable.seconds.at(-1) ?? 0) - TRAIL_S;
  const columns = [drawable.series.get(speed.name) ?? [], drawable.series.get(torque.name) ?? []] as const;
  return (
    <svg viewBox={`-34 -14 ${WIDTH + 54} ${HEIGHT + 40}`} className={css['picture']} role="img" aria-label={label}>
      <rect
        className={css['normal']}
        x={x(speed.normal[0])}
        y={y(torque.normal[1])}
        width={x(speed.normal[1]) - x(speed.normal[0])}
        height={y(torque.normal[0]) - y(torque.normal[1])}
      />
      <path className={css['axis']} d={`M0 0V${HEIGHT}H${WIDTH}`} />
      {limits.map((watts) => {
        const curve = powerCurve(watts, speed.envelope).filter((spot) => spot.torque >= bottom && spot.torque <= top);
        const end = curve.at(-1);
        return (
          <g key={watts}>
            <polyline className={css['limit']} points={line(curve)} />
            {end !== undefined && (
              <text className={css['text']} x={x(end.speed) - 4} y={y(end.torque) - 7} textAnchor="end">
                {formatQuantity(watts, 'W', 0, lang)}
              </text>
            )}
          </g>
        );
      })}
      {stretches(drawable.seconds, columns[0], columns[1], fromS, SHADES).map(({ age, spots }) => (
        <polyline
          key={`${age} ${spots[0]?.speed} ${spots[0]?.torque}`}
          className={css['trail']}
          points={line(spots)}
          opacity={1.1 - age}
        />
      ))}
      <circle className={css['now']} cx={x(now.speed)} cy={y(now.torque)} r={6} />
      {[left, (left + right) / 2, right].map((rpm) => (
        <text key={rpm} className={css['text']} x={x(rpm)} y={HEIGHT + 18} textAnchor="middle">
          {rpm === right ? formatQuantity(rpm, speed.unit, 0, lang) : formatNumber(rpm, 0, lang)}
        </text>
      ))}
      {[bottom, (bottom + top) / 2, top].map((nm) => (
        <text key={nm} className={css['text']} x={-5} y={y(nm) + 4} textAnchor="end">
          {nm === top ? formatQuantity(nm, torque.unit, 0, lang) : formatNumber(nm, 0, lang)}
        </text>
      ))}
    </svg>
  );
}

const clamp = (share: number) => Math.min(1, Math.max(0, share));
