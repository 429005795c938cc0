import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

type Rgb = readonly [number, number, number];

const THEMES = ['light', 'dark'] as const;
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);

function rgb(name: string, theme: 'light' | 'dark'): Rgb {
  const hex = tokens.get(name)?.[theme];
  if (hex === undefined) throw new Error(`there is no token ${name}`);
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

const linear = (channel: number) => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map(linear) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2. */
function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Full dichromacy in linear RGB: Machado, Oliveira, Fernandes, IEEE TVCG 15(6), 2009, table 1. */
const VISION: Record<string, readonly (readonly number[])[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* (D65) of a colour as someone with this vision sees it. */
function lab(colour: Rgb, vision: string): number[] {
  const lin = colour.map(linear);
  const [r = 0, g = 0, b = 0] = (VISION[vision] ?? []).map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, weight, at) => sum + weight * (lin[at] ?? 0), 0),
      ),
    ),
  );
  const [x, y, z] = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: Rgb, b: Rgb, vision: string): number {
  const [first, second] = [lab(a, vision), lab(b, vision)];
  return Math.hypot(...first.map((value, at) => value - (second[at] ?? 0)));
}

describe.each(THEMES)('the %s palette', (theme) => {
  const pair = (a: string, b: string) => contrast(rgb(a, theme), rgb(b, theme));

  it.each(['bg', 'panel', 'cell', 'selected', 'band'])('has readable text on %s', (surface) => {
    expect(pair('text', surface)).toBeGreaterThanOrEqual(7);
    expect(pair('muted', surface)).toBeGreaterThanOrEqual(4.5);
  });

  it('has readable text on the darkest cell', () => {
    expect(pair('text', 'cell-high')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['p1', 'p2', 'p3', 'anomaly'])('has a readable sign in the mark %s', (mark) => {
    expect(pair(`on-${mark}`, mark)).toBeGreaterThanOrEqual(4.5);
  });

  it('has visible lines of controls, focus and marks', () => {
    for (const surface of ['bg', 'panel']) {
      expect(pair('control', surface)).toBeGreaterThanOrEqual(3);
      expect(pair('link', surface)).toBeGreaterThanOrEqual(4.5);
    }
    expect(pair('outline', 'cell')).toBeGreaterThanOrEqual(7);
    expect(pair('bar', 'band')).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(VISION))('keeps the marks apart in %s vision', (vision) => {
    const marks = ['p1', 'p2', 'p3', 'anomaly', 'cell'];
    for (const a of marks) {
      for (const b of marks) {
        if (a < b) expect(difference(rgb(a, theme), rgb(b, theme), vision), `${a} and ${b}`).toBeGreaterThanOrEqual(15);
      }
    }
  });
});
