/** Whether an error is that of a full disk. */

/** Whether something failed because a disk is full; a program that was run says so only in its message. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return true;
  return /No space left on device|Disk quota exceeded/.test(error.message);
}
