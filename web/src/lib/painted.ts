/** A frame is on the screen some frames later, where its pixels are made beside this thread. */
const FRAMES = 5;

/** Resolves when people see what is on the page by now, and the browser has nothing better to do; soon in any case. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    const after = (frames: number): void => {
      if (frames > 0) requestAnimationFrame(() => after(frames - 1));
      else requestIdleCallback(() => resolve(), { timeout: 500 });
    };
    // A hidden tab has no frames. Safari has no idle callbacks.
    if (document.hidden || !('requestIdleCallback' in window)) setTimeout(resolve, 100);
    else after(FRAMES);
  });
}
