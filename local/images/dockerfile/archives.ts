/** Which files ADD would unpack. */
import { closeSync, openSync, readSync } from 'node:fs';

/** https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives, by their first bytes as Docker knows them. */
export function isArchive(file: string): boolean {
  const head = Buffer.alloc(262);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, head, 0, head.length, 0);
  } finally {
    closeSync(opened);
  }
  const begins = (...bytes: number[]): boolean => head.subarray(0, bytes.length).equals(Buffer.from(bytes));
  const isCompressed = begins(0x1f, 0x8b) || begins(0x42, 0x5a, 0x68) || begins(0xfd, 0x37, 0x7a, 0x58, 0x5a);
  return isCompressed || begins(0x28, 0xb5, 0x2f, 0xfd) || head.subarray(257, 262).toString() === 'ustar';
}
