/** Reads a file that people change, when it changed. */
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

export class WatchedFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #none: T;
  readonly #log: (message: string) => void;
  #version = '';
  #content: T;

  /** @param none what a file that is not there says */
  constructor(path: string, schema: z.ZodType<T>, none: T, log: (message: string) => void) {
    this.#path = path;
    this.#schema = schema;
    this.#none = none;
    this.#log = log;
    this.#content = none;
  }

  get content(): T {
    return this.#content;
  }

  /** @returns true when it does not say what it said at the last look */
  look(): boolean {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    const version = found === undefined ? '' : `${String(found.ino)} ${String(found.mtimeMs)}`;
    if (version === this.#version) return false;
    this.#version = version;
    this.#content = found === undefined ? this.#none : this.#read();
    return true;
  }

  /** A file that can't be read changes nothing: what was asked before still holds. */
  #read(): T {
    try {
      const parsed = this.#schema.safeParse(JSON.parse(readFileSync(this.#path, 'utf8')));
      if (parsed.success) return parsed.data;
      this.#log(`${this.#path}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
    } catch (error) {
      this.#log(`${this.#path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.#content;
  }
}
