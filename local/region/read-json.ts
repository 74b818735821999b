/** Reads a file that a part of this project wrote. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { oneLine } from './one-line.ts';
import { Complaint } from './complaint.ts';

/** The remedy for what a running region writes again. */
export const AGAIN = 'start again with `npm stop` and `npm start`';

/** @throws Complaint when there is something else in it; ENOENT as it is */
export function readJson<T extends z.ZodType>(file: string, schema: T, remedy: string): z.output<T> {
  const text = readFileSync(file, 'utf8');
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new Complaint(`${file} can't be read: ${remedy} (${oneLine(error)})`);
  }
}
