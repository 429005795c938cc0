/** Resolves when people see what is on the page by now, and the browser has nothing better to do; soon in any case. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    // A hidden tab has no frames. Safari has no idle callbacks. A frame is on the screen two frames later, where
    // its pixels are made beside this thread.
    const frame = requestAnimationFrame;
    if (document.hidden || !('requestIdleCallback' in window)) setTimeout(resolve, 100);
    else frame(() => frame(() => frame(() => requestIdleCallback(() => resolve(), { timeout: 500 }))));
  });
}
