/** Words for a POSIX shell. Without imports, so that the console's page can have it. */

/** What needs no quotes gets none. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
