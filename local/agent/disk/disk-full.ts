/** Whether an error is that of a full disk. */

/** Whether something failed for want of space on a disk; a program that was run has it in its words only. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return true;
  return /No space left on device|Disk quota exceeded/.test(error.message);
}
