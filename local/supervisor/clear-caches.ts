/** Removes what a region keeps for the next one. What is installed stays, and so does what a delivery to AWS has noted. */
import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Everything in the state folder that comes again by itself: images, pulled and unpacked, assemblies, the console's page, logs. */
const KEPT_FOR_NEXT = ['images', 'pulled', 'synth', 'cdk', 'console', 'logs'];

/** `512 KB`, `1.8 GB`; disks count in thousands. */
export function amount(kilobytes: number): string {
  if (kilobytes < 1000) return `${String(kilobytes)} KB`;
  const megabytes = kilobytes / 1000;
  return megabytes < 1000 ? `${megabytes.toFixed(0)} MB` : `${(megabytes / 1000).toFixed(1)} GB`;
}

/** @returns what was removed and how much that was, in a line */
export async function clearCaches(state: string): Promise<string> {
  const names = KEPT_FOR_NEXT.filter((name) => existsSync(join(state, name)));
  if (names.length === 0) return `0 KB freed: ${state} has no images, caches or logs`;
  const folders = names.map((name) => join(state, name));
  // An image may have folders that nobody may write to; root may all the same.
  await run('chmod', ['-R', 'u+rwX', ...folders]);
  // It counts a file with several names once. Blocks of 1024 bytes: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/du.html
  const { stdout } = await run('du', ['-sk', ...folders]);
  const blocks = [...stdout.matchAll(/^\d+/gm)].reduce((sum, [size]) => sum + Number(size), 0);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  return `${amount(Math.round(blocks * 1.024))} freed: ${names.join(', ')} in ${state}`;
}
