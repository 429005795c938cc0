import { useWords } from '../i18n/t';
import { Button } from './button';

/** Turns a picture into its table, which says the same, and back. */
export function TwinButton({ isTable, onChange }: { isTable: boolean; onChange: (isTable: boolean) => void }) {
  const { t } = useWords();
  return (
    <Button aria-pressed={isTable} onClick={() => onChange(!isTable)}>
      {isTable ? t.machine.asChart : t.machine.asTable}
    </Button>
  );
}
