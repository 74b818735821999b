/** The part of a document that a command writes, between two marks. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../local/region/paths.ts';

const END = '<!-- end -->';

/** @throws Error when the document has lost its marks */
export function withTables(document: string, command: string, tables: string): string {
  const begin = `<!-- written by ${command} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the document has no "${begin}" before "${END}": put both back`);
  return `${document.slice(0, from)}${begin}\n\n${tables}\n\n${document.slice(to)}`;
}

export function writeTables(path: string, command: string, tables: string): void {
  const file = join(ROOT, path);
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), command, tables));
}
