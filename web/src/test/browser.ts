/** What a browser has and jsdom has not: just enough for the pages to stand. Pictures are checked in Chromium. */

class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}

class NoPath {
  moveTo() {}
  lineTo() {}
  rect() {}
  arc() {}
  closePath() {}
}

/** Takes every call and draws nothing. */
const canvas = new Proxy(
  { measureText: () => ({ width: 10 }) },
  { get: (known, key) => Reflect.get(known, key) ?? (() => undefined), set: () => true },
);

export function installBrowser(): void {
  Object.assign(globalThis, { ResizeObserver: NoResize, Path2D: NoPath });
  Object.assign(window, {
    matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
    scrollTo: () => {},
  });
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
    this.querySelector<HTMLElement>('[autofocus]')?.focus();
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  HTMLCanvasElement.prototype.getContext = (() => canvas) as unknown as HTMLCanvasElement['getContext'];
}
