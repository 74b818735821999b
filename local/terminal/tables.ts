/** Tables that fit where they are shown. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';

const GOOD = new Set(['HEALTHY', 'healthy', 'COMPLETED', 'RUNNING']);
const BAD = new Set(['UNHEALTHY', 'unhealthy', 'FAILED', 'STOPPED']);

export function coloured(state: string): string {
  return GOOD.has(state) ? pc.green(state) : BAD.has(state) ? pc.red(state) : pc.yellow(state);
}

/** Where nobody says how wide it is: a log, a pipe. Rows of `status` fit; longer text is wrapped as on a terminal. */
const WITHOUT_TERMINAL = 160;
/** Narrower, a column can't be read any more. */
const NARROWEST = 6;
/** A border on each side of a cell, and a blank. */
const BESIDE = 3;

/** How many columns of text there is room for. */
export function roomFor({ columns }: { readonly columns?: number }, environment = process.env): number {
  const said = Number(environment['COLUMNS']);
  return columns ?? (Number.isInteger(said) && said > 0 ? said : WITHOUT_TERMINAL);
}

const widthOf = (text: string): number =>
  Math.max(
    0,
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );

/** The widest columns give what is lacking: none is cut while a wider one could be. */
export function columnWidths(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted];
  const total = (): number => widths.reduce((sum, width) => sum + width + BESIDE, 1);
  while (total() > room) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    const next = Math.max(NARROWEST, ...widths.filter((width) => width < widest));
    const many = widths.filter((width) => width === widest).length;
    const each = Math.min(widest - next, Math.ceil((total() - room) / many));
    for (const [index, width] of widths.entries()) if (width === widest) widths[index] = widest - Math.max(1, each);
  }
  return widths;
}

/** @param room in columns; text that has none is wrapped, and a word that is too long broken */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  room = roomFor(process.stdout),
): string {
  const wanted = head.map((title, index) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index] ?? ''))));
  const widths = columnWidths(wanted, room);
  const isNarrowed = widths.some((width, index) => width < (wanted[index] ?? 0));
  const made = new Table({
    head: head.map((title) => pc.bold(title)),
    style: { head: [], border: [], compact: !isNarrowed },
    ...(isNarrowed ? { colWidths: widths.map((width) => width + 2), wordWrap: true } : {}),
  });
  const cell = (text: string, width = 0): string => (isNarrowed ? broken(text, width) : text);
  made.push(...rows.map((row) => row.map((text, index) => cell(text, widths[index]))));
  return made.toString();
}

/** Words that are longer than a line of their column, in pieces: the table's own wrapping would cut them off. */
function broken(text: string, width: number): string {
  // Colours are only on states, which are short.
  if (stripVTControlCharacters(text) !== text) return text;
  return text.replaceAll(/\S+/g, (word) =>
    word.length <= width ? word : (word.match(new RegExp(`.{1,${String(width)}}`, 'gu')) ?? [word]).join('\n'),
  );
}
