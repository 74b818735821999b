/** A disk without room: whose error it is, and who says so. */
import { statfsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { ComplaintBook } from './reports/complaint-book.ts';
import { roomComplaint } from './core/room.ts';

/** Whether something failed for want of room on a disk; a program that was run has it in its words only. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return true;
  return /No space left on device|Disk quota exceeded/.test(error.message);
}

/** Whoever looks at `status` knows it a second later. */
const EVERY_MS = 1_000;

/** Complains of each folder that nothing can be written to, for as long as that is so. */
export async function watchRoom(book: Pick<ComplaintBook, 'each'>, folders: readonly string[]): Promise<never> {
  const isRoot = process.getuid?.() === 0;
  for (;;) {
    await book.each(
      'disk',
      folders,
      (folder) => `disk of ${folder}`,
      (folder, complain) => {
        const complaint = roomComplaint(statfsSync(folder), isRoot);
        if (complaint !== undefined) complain(`disk of ${folder}`, complaint);
      },
    );
    await setTimeout(EVERY_MS, undefined, { ref: false });
  }
}
