import { useReadingSchema } from '../api/schema-query';
import { usePolicyWords } from '../i18n/policy-words';
import { titleOf, useWords } from '../i18n/t';

/** Names the conditions of a policy: failure modes as the profile does, and the two that every equipment has. */
export function useConditionTitle(equipment: string): (condition: string) => string {
  const { t } = useWords();
  const { failure, anomaly } = usePolicyWords().policies;
  const modes = useReadingSchema(equipment).data?.modes ?? [];
  const own: Readonly<Record<string, string>> = { failure, anomaly };
  return (condition) => own[condition] ?? titleOf(t, condition, modes.find(({ name }) => name === condition)?.title);
}
