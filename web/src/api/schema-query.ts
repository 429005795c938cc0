import { useQuery } from '@tanstack/react-query';
import { getSchema } from './client';
import { readingSchema } from './reading-schema';

export const DEFAULT_EQUIPMENT = 'milling';

/** The profile of the equipment. It changes with a deployment only. */
export function useReadingSchema(equipment: string = DEFAULT_EQUIPMENT) {
  return useQuery({
    queryKey: ['schema', equipment],
    queryFn: async ({ signal }) => readingSchema(await getSchema(equipment, signal)),
    staleTime: 10 * 60_000,
  });
}
