import type { ModeSpec } from '../api/reading-schema';
import { useWords } from '../i18n/t';
import css from './mode-detail.module.css';

/** What a failure mode means and what to do about it, from the profile's playbook. */
export function ModeDetail({ mode }: { mode: ModeSpec | undefined }) {
  const { t } = useWords();
  if (mode === undefined) return <p className={css['limit']}>{t.machine.notPredicted}</p>;
  const lists = [
    { title: t.machine.check, steps: mode.check },
    { title: t.machine.act, steps: mode.act },
  ];
  return (
    <section className={css['detail']} aria-label={t.machine.whatToDo}>
      <p className={css['limit']}>{mode.limit}</p>
      <div className={css['lists']}>
        {lists.map(({ title, steps }) => (
          <div key={title}>
            <h3>{title}</h3>
            <ul>
              {steps.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}
