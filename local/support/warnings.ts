/** How warnings are told: once for each kind. */
import type { CheckRow } from './check.ts';

/** Warnings of one kind are one line, with the names of all that have it. */
export function warningLines(rows: readonly CheckRow[]): string[][] {
  const lines = new Map<
    string,
    { readonly what: string; readonly note: string; readonly remedy: string; names: Set<string> }
  >();
  for (const { resource, type, property, note, remedy = '', isWarning } of rows) {
    if (isWarning !== true) continue;
    const what = `${type}${property === '' ? '' : ` ${property.replaceAll(/\[[^\]]*\]/g, '')}`}`;
    const line = lines.get(`${what} ${note}`) ?? { what, note, remedy, names: new Set() };
    line.names.add(resource);
    lines.set(`${what} ${note}`, line);
  }
  return [...lines.values()].map(({ what, note, remedy, names: all }) => {
    const [first = '', ...more] = all;
    return [`${what}\n${first}${more.length === 0 ? '' : ` and ${more.length} more`}`, `${note}:\n${remedy}`];
  });
}
