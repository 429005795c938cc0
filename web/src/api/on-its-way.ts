/** Whether a first answer may still come at once: what it would change is better not shown before. */
export function isOnItsWay(query: { readonly isPending: boolean; readonly failureCount: number }): boolean {
  return query.isPending && query.failureCount === 0;
}
