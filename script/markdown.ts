/** A table in a document that a command writes. */
export const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** @param texts how many columns hold text; the others hold numbers, on the right */
export const markdownTable = (head: readonly string[], texts: number, rows: readonly (readonly string[])[]): string =>
  [
    row(...head),
    row(...head.map((_, index) => (index < texts ? '---' : '---:'))),
    ...rows.map((cells) => row(...cells)),
  ].join('\n');
