/** `highlands down`. */
import { readRegion } from '../region/region-file.ts';
import { stopRegion } from '../region/stop-region.ts';

export async function down(): Promise<void> {
  const region = readRegion();
  if (region === undefined) {
    console.log('nothing is running');
    return;
  }
  await stopRegion(region);
  console.log('stopped: no process, namespace, mount or interface is left');
}
