/** Ends a region and makes sure that nothing of it is left. */
import { rmSync } from 'node:fs';
import pWaitFor from 'p-wait-for';
import { processesOf } from '../region/processes.ts';
import { RUN } from '../region/paths.ts';
import { Complaint } from '../region/complaint.ts';
import { isAlive, type Region } from '../region/region-file.ts';

/** SIGTERM ends the supervisor at once; the kernel ends the rest. */
const GONE_WITHIN_MS = 10_000;

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in this moment.
  }
}

/** @throws Complaint that names what could not be ended */
export async function stopRegion(region: Pick<Region, 'regionId' | 'supervisorPid'>): Promise<void> {
  if (isAlive(region.supervisorPid) && processesOf(region.regionId).includes(region.supervisorPid))
    kill(region.supervisorPid, 'SIGTERM');
  const gone = () => processesOf(region.regionId).length === 0;
  await pWaitFor(gone, { interval: 50, timeout: GONE_WITHIN_MS }).catch(() => undefined);
  for (const pid of processesOf(region.regionId)) kill(pid, 'SIGKILL');
  await pWaitFor(gone, {
    interval: 50,
    timeout: {
      milliseconds: GONE_WITHIN_MS,
      message: new Complaint(`these processes could not be ended: ${processesOf(region.regionId).join(', ')}`),
    },
  });
  rmSync(RUN, { recursive: true, force: true });
}
