/** Token colours for canvases, which cannot read CSS variables, and word when the theme changes. */

export type Colours = Readonly<Record<string, string>>;

/** The colours in force at `element`, as the browser resolves them. */
export function readColours(element: Element, tokens: readonly string[]): Colours {
  const probe = document.createElement('span');
  element.append(probe);
  const colours: Record<string, string> = {};
  for (const token of tokens) {
    probe.style.color = `var(${token})`;
    colours[token] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}

/** Calls `listener` when the theme of the system or of this application changes. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const own = new MutationObserver(listener);
  own.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  system.addEventListener('change', listener);
  return () => {
    own.disconnect();
    system.removeEventListener('change', listener);
  };
}

/** The mix of two `rgb()` colours, `share` of the second. */
export function mix(first: string, second: string, share: number): string {
  const a = channels(first);
  const b = channels(second);
  return `rgb(${a.map((value, at) => Math.round(value + ((b[at] ?? value) - value) * share)).join(' ')})`;
}

function channels(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number);
}
