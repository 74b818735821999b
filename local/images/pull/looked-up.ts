/** What references stood for when they were looked up last. */
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { moveInto } from '../../region/move-into.ts';
import { parseReference } from '../reference.ts';

const Looked = z.object({ reference: z.string(), digest: z.string(), at: z.number() });
/** `at` is in milliseconds. */
export type Looked = z.infer<typeof Looked>;

export class LookedUp {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** By what is meant, however it is written. */
  #file(reference: string): string {
    const { host, repository, version } = parseReference(reference);
    const name = createHash('sha256').update([host, repository, version].join(' ')).digest('hex');
    return join(this.#folder, `${name}.json`);
  }

  /** Nothing where it never was, or where the note of it can't be read: it is looked up again. */
  async last(reference: string): Promise<Looked | undefined> {
    try {
      return Looked.parse(JSON.parse(await readFile(this.#file(reference), 'utf8')));
    } catch {
      return undefined;
    }
  }

  async note(looked: Looked): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await moveInto(this.#file(looked.reference), JSON.stringify(looked));
  }
}
