import { Link } from 'wouter';
import type { Assessment, MachineDetail } from '../../api/types';
import { useWords } from '../../i18n/t';
import { formatAge, formatClock } from '../../lib/time';
import { Icon } from '../../ui/icon';
import { StatusMark } from '../../ui/status-mark';
import css from './machine-head.module.css';

interface Props {
  machine: MachineDetail;
  assessment: Assessment | null;
  nowMs: number;
}

/** Which machine this is, how it is, and how old that news is. */
export function MachineHead({ machine, assessment, nowMs }: Props) {
  const { t, lang } = useWords();
  const state = t.state[machine.state];
  const observedAt = assessment === null ? null : Date.parse(assessment.observed_at);
  const facts = [
    machine.line,
    machine.product_type !== null ? t.machine.type(machine.product_type) : null,
    assessment !== null ? t.machine.model(assessment.model.name, assessment.model.version) : null,
  ].filter((fact) => fact !== null);
  return (
    <div className={css['head']}>
      <Link href="/" className={css['back']}>
        <Icon name="back" size={16} />
        {t.machine.back}
      </Link>
      <div className={css['title']}>
        <h1>{machine.machine_id}</h1>
        <span className={css['state']}>
          {machine.state === 'cannot_judge' && <StatusMark kind="cannot_judge" size={18} />}
          {(machine.state === 'stale' || machine.state === 'offline') && <StatusMark kind="silent" size={18} />}
          {state}
        </span>
        {observedAt !== null && (
          <span className={css['age']}>
            {t.panel.asOf(formatClock(observedAt), formatAge((nowMs - observedAt) / 1000, lang))}
          </span>
        )}
        {assessment !== null && (
          <Link href={tryLink(assessment)} className={css['try']}>
            {t.machine.tryValues}
          </Link>
        )}
      </div>
      <p className={css['facts']}>{facts.join(' · ')}</p>
    </div>
  );
}

/** The form of “Check a reading”, filled with what this machine said last. */
function tryLink({ machine_id, product_type, signals }: Assessment): string {
  const search = new URLSearchParams({ machine_id, product_type });
  for (const [name, value] of Object.entries(signals)) search.set(name, String(value));
  return `/predict?${search}`;
}
