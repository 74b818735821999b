/** Whether a disk has space for what the region writes. Pure. */

export interface FileSystemStats {
  readonly bsize: number;
  /** Blocks that are free, and those of them that are not root's alone. */
  readonly bfree: number;
  readonly bavail: number;
  /** Files that may exist, and that may still be made. 0 and 0 where a file system has no such limit. */
  readonly files: number;
  readonly ffree: number;
}

/** A pass of the agent and a snapshot of a small app's records write as much. */
const LEAST_BYTES = 1024 * 1024;

/** What to say of a file system, if it is full. */
export function spaceComplaint(stats: FileSystemStats, isRoot: boolean): string | undefined {
  const free = (isRoot ? stats.bfree : stats.bavail) * stats.bsize;
  const rest = 'what runs goes on, changes wait and log lines are lost until there is: delete something there';
  if (free < LEAST_BYTES) return `there is no space on it (${String(Math.floor(free / 1024))} KiB); ${rest}`;
  return stats.files > 0 && stats.ffree === 0 ? `no more files can be made on it; ${rest}` : undefined;
}
