import { useReadingSchema } from '../api/schema-query';
import { titleOf, useWords } from '../i18n/t';

/** How conditions are called: failure modes by the profile, `failure` and `anomaly` by this language. */
export function useModeTitle(equipment?: string): (mode: string) => string {
  const { t } = useWords();
  const schema = useReadingSchema(equipment);
  return (mode) => titleOf(t, mode, schema.data?.modes.find(({ name }) => name === mode)?.title);
}
