/** The same quantity in the unit that people feel at home with. */

/** Kelvin as degrees Celsius; null for other units. */
export function inCelsius(value: number, unit: string): number | null {
  return unit === 'K' ? value - 273.15 : null;
}
