/** Resolves when people see what is on the page by now, and the browser has nothing better to do; soon in any case. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    // A hidden tab has no frames. Safari has no idle callbacks.
    if (document.hidden || !('requestIdleCallback' in window)) setTimeout(resolve, 100);
    else requestAnimationFrame(() => requestIdleCallback(() => resolve(), { timeout: 500 }));
  });
}
