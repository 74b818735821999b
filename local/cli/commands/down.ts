/** `highlands down`. */
import { clearCaches } from '../../supervisor/clear-caches.ts';
import { LOGS, STATE } from '../../region/paths.ts';
import { readRegion } from '../../region/region-file.ts';
import { removeLogs } from '../../supervisor/region-logs.ts';
import { stopRegion } from '../../supervisor/stop-region.ts';

export interface DownOptions {
  /** What is kept for the next start goes too. */
  readonly all: boolean;
}

export async function down({ all }: DownOptions): Promise<void> {
  const region = readRegion();
  if (region !== undefined) {
    await stopRegion(region);
    // The files of one that ended by itself say why it did.
    if (region.ended === undefined || region.ended === '') removeLogs(LOGS);
  }
  console.log(
    region === undefined ? 'nothing is running' : 'stopped: no process, namespace, mount or interface is left',
  );
  if (all) console.log(await clearCaches(STATE));
}
