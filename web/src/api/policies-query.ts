import { queryOptions } from '@tanstack/react-query';
import { listPolicies } from './policies';

/** The equipment that has a policy. */
export const policiesQuery = queryOptions({ queryKey: ['policies'], queryFn: ({ signal }) => listPolicies(signal) });
