/** Tables as wide as the terminal: a line that wraps is harder to read than a figure that is not there. Pure. */
import { stripVTControlCharacters } from 'node:util';
import { table } from '../../terminal/tables.ts';

/** Shorter, a name says nothing any more. */
const SHORTEST_NAME = 12;

const widthOf = (text: string): number => stripVTControlCharacters(text.split('\n')[0] ?? '').length;

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(SHORTEST_NAME, length) - 1)}…`;

/**
 * @param less columns that go first where there is no room, in this order
 * @param names columns whose text is cut when that is not enough; it has no colours
 * @param columns of the terminal; undefined for as wide as the text
 */
export function fitted(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { less, names }: { readonly less: readonly string[]; readonly names: readonly string[] },
  columns: number | undefined,
): string {
  // As wide as the text: what to leave out is decided here.
  const whole = table(head, rows, Infinity);
  const excess = widthOf(whole) - (columns ?? Infinity);
  if (excess <= 0) return whole;
  const [first, ...others] = less;
  if (first !== undefined) {
    const kept = (row: readonly string[]): string[] => row.filter((_, index) => head[index] !== first);
    return fitted(kept(head), rows.map(kept), { less: others, names }, columns);
  }
  const longest = names.map((name) => Math.max(0, ...rows.map((row) => row[head.indexOf(name)]?.length ?? 0)));
  const each = Math.ceil(excess / names.length);
  return table(
    head,
    rows.map((row) =>
      row.map((text, index) => {
        const name = names.indexOf(head[index] ?? '');
        return name < 0 ? text : cut(text, (longest[name] ?? 0) - each);
      }),
    ),
    Infinity,
  );
}
