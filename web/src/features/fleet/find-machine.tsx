import type { KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { useWords } from '../../i18n/t';
import { Icon } from '../../ui/icon';
import css from './find-machine.module.css';
import { type FleetRow, passes } from './fleet-rows';

interface Props {
  rows: readonly FleetRow[];
  text: string;
  onChange: (text: string) => void;
}

/** Filters as one types; Enter opens the machine when only one is left or the id is exact. */
export function FindMachine({ rows, text, onChange }: Props) {
  const { t } = useWords();
  const [, go] = useLocation();
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Enter' || text === '') return;
    const found = rows.filter((row) => passes(row, 'all', text));
    const one = found.find((row) => row.id === text) ?? (found.length === 1 ? found[0] : undefined);
    if (one !== undefined) go(`/machines/${encodeURIComponent(one.id)}`);
  };
  return (
    <label className={css['find']}>
      <Icon name="search" size={16} />
      <input
        type="search"
        value={text}
        placeholder={t.fleet.find}
        aria-label={t.fleet.find}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}
