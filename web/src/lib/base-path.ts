/** Where the application lies on its host: `''`, or something like `/plant-a` that whoever sent the page wrote into it. */

const meta = document.querySelector<HTMLMetaElement>('meta[name=base-path]');

export const BASE_PATH = (meta?.content ?? '/').replace(/\/+$/, '');

/** The address of a path such as `/gateway/machines` below the base path. Links of the router need none. */
export function atBase(path: string): string {
  return BASE_PATH + path;
}

/** The path of an address of the application without the base path. */
export function belowBase(pathname: string): string {
  return pathname.slice(BASE_PATH.length);
}
