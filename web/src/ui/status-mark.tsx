import { MARKS, type MarkKind } from '../lib/marks';
import css from './status-mark.module.css';

/** A mark in the size of the text; `label` names it, else it is decoration beside words that do. */
export function StatusMark({ kind, label, size = 20 }: { kind: MarkKind; label?: string; size?: number }) {
  const { path, sign, signY } = MARKS[kind];
  const content = (
    <>
      <path d={path} className={css[kind]} />
      {sign !== '' && (
        <text x="12" y={signY} textAnchor="middle" className={`${css['sign']} ${css[`on_${kind}`]}`}>
          {sign}
        </text>
      )}
    </>
  );
  if (label === undefined) {
    return (
      <svg className={css['mark']} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
        {content}
      </svg>
    );
  }
  return (
    <svg className={css['mark']} viewBox="0 0 24 24" width={size} height={size} role="img" aria-label={label}>
      {content}
    </svg>
  );
}
