/** What runs of a region, as this machine sees it. */
import { readdirSync, readFileSync } from 'node:fs';
import { isAlive } from './region-file.ts';

/** Every process that was started for a region: they all have its id in their environment. */
export function processesOf(regionId: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${String(pid)}/environ`, 'utf8').includes(`HIGHLANDS_REGION_ID=${regionId}\0`) &&
          isAlive(pid)
        );
      } catch {
        return false; // it ended, or belongs to somebody else
      }
    });
}
