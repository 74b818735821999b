/** Starts the control plane, and again when it ends: it has everything on disk. */
import { join } from 'node:path';
import { CONTROL_PLANE, PYTHON, REGION, RUN } from '../region/paths.ts';
import type { RegionCredentials } from '../region/region-file.ts';
import { ready, startChild } from './child.ts';
import { endedTooOften, type End } from './end.ts';
import { Restarts, startAgain } from './restarts.ts';

const NAME = 'control-plane';
const restarts = new Restarts();

export async function startControlPlane(port: number, credentials: RegionCredentials, end: End): Promise<void> {
  const command = [PYTHON, '-m', 'highlands_control_plane', '--port', String(port)];
  const child = startChild(NAME, [...command, '--region', REGION, '--state-dir', join(RUN, 'control-plane')], {
    PYTHONPATH: CONTROL_PLANE,
    // In its environment, which others can't read.
    HIGHLANDS_ACCESS_KEY_ID: credentials.accessKeyId,
    HIGHLANDS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // Nothing may be written into the source tree.
    PYTHONDONTWRITEBYTECODE: '1',
  });
  const up = ready(NAME, child);
  child.once('exit', (code) => {
    startAgain(
      restarts,
      () => startControlPlane(port, credentials, end),
      () => end(endedTooOften('the control plane', NAME, code)),
    );
  });
  await up;
}
