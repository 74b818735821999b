/**
 * Space on the disk that is a log's before it is written: a program whose output fails may end by that (Rust's `println!`
 * panics, Python's `print` raises), and AWS's log drivers never let it fail. So a disk that others fill costs lines of the log
 * and no program. https://man7.org/linux/man-pages/man1/fallocate.1.html
 */
import { statSync } from 'node:fs';
import { isFull } from '../disk/disk-full.ts';

/** What a container may log between two looks, a second apart, on a full disk. */
const AHEAD_BYTES = 256 * 1024;

/** Runs a program. @throws Error with what it said */
export type Run = (command: string, args: readonly string[]) => Promise<unknown>;

export class Reserve {
  readonly #run: Run;
  /** The size of each file at the last look, and up to which size it has space. */
  readonly #held = new Map<string, { readonly size: number; readonly until: number }>();
  /** File systems differ in what they can: those that can't have no reserve. */
  #isPossible = true;

  constructor(run: Run) {
    this.#run = run;
  }

  /**
   * Sees to it that a file may grow, whatever becomes of the disk.
   * @param makeRoom empties the file, when the disk is full and the file has used up what it had
   */
  async hold(file: string, makeRoom: () => unknown): Promise<void> {
    if (!this.#isPossible) return;
    const { size } = statSync(file);
    const held = this.#held.get(file);
    // One that was emptied has lost its space.
    const left = held === undefined || size < held.size ? 0 : held.until - size;
    if (held !== undefined && left > 0) this.#held.set(file, { ...held, size });
    if (left > AHEAD_BYTES / 2) return;
    const extend = async (from: number): Promise<void> => {
      const range = ['--offset', String(from), '--length', String(AHEAD_BYTES)];
      await this.#run('fallocate', ['--keep-size', ...range, file]);
      this.#held.set(file, { size: from, until: from + AHEAD_BYTES });
    };
    try {
      await extend(size);
    } catch (error) {
      if (!isFull(error)) this.#isPossible = false;
      // One that is as good as empty has no space to give.
      else if (size > AHEAD_BYTES / 2) {
        makeRoom();
        await extend(statSync(file).size);
      }
    }
  }

  /** Forgets files that nobody writes to. */
  keepOnly(used: (file: string) => boolean): void {
    for (const file of this.#held.keys()) if (!used(file)) this.#held.delete(file);
  }
}
