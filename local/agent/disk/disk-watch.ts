/** The watch over the disks, which complains when one is full. */
import { statfsSync } from 'node:fs';
import { spaceComplaint, type FileSystemStats } from '../core/disk-space.ts';
import { Repeating, type SideWork } from '../loop/side-work.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';

/** A person who looks at `status` knows it a second later. */
const PAUSE_MS = 1_000;

/** Complains of each folder that nothing can be written to, for as long as that is so. */
export function diskWatch(
  book: Pick<ComplaintBook, 'each'>,
  folders: readonly string[],
  statsOf: (folder: string) => FileSystemStats = statfsSync,
): SideWork {
  const isRoot = process.getuid?.() === 0;
  const nameOf = (folder: string): string => `disk of ${folder}`;
  const look = (): Promise<void> =>
    book.each('disk', folders, nameOf, (folder, complain) => {
      const complaint = spaceComplaint(statsOf(folder), isRoot);
      if (complaint !== undefined) complain(nameOf(folder), complaint);
    });
  return new Repeating(look, PAUSE_MS);
}
