import { queryOptions, useQuery } from '@tanstack/react-query';
import { getSchema } from './client';
import { DEFAULT_EQUIPMENT } from './paths';
import { readingSchema } from './reading-schema';

/** The profile of the equipment. It changes with a deployment only. */
export function schemaQuery(equipment: string = DEFAULT_EQUIPMENT) {
  return queryOptions({
    queryKey: ['schema', equipment],
    queryFn: async ({ signal }) => readingSchema(await getSchema(equipment, signal)),
    staleTime: 10 * 60_000,
  });
}

export function useReadingSchema(equipment?: string) {
  return useQuery(schemaQuery(equipment));
}
