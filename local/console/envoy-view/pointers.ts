/** Places in JSON documents: https://www.rfc-editor.org/rfc/rfc6901 */

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

export const pointerTo = (path: readonly (string | number)[]): string =>
  path.map((key) => `/${escaped(String(key))}`).join('');

/** Every place whose path ends with these keys, in the order of the document. */
export function placesEnding(json: unknown, keys: readonly string[], path: readonly string[] = []): string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    const ends = keys.every((wanted, index) => here[here.length - keys.length + index] === wanted);
    return [...(ends ? [pointerTo(here)] : []), ...placesEnding(value, keys, here)];
  });
}

/** The place of the first entry of a list for which something holds; undefined when there is none. */
export function placeOf(
  json: unknown,
  path: readonly string[],
  isIt: (entry: Readonly<Record<string, unknown>>) => boolean,
): string | undefined {
  const list = valueAt(json, path);
  if (!Array.isArray(list)) return undefined;
  const index = list.findIndex((entry: unknown) => isRecord(entry) && isIt(entry));
  return index < 0 ? undefined : pointerTo([...path, index]);
}

export function valueAt(json: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), json);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
