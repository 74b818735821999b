/** `highlands save-image`: a binary of the Rust workspace as an image in a directory, for `up --image`. */
import { join } from 'node:path';
import { oneLine } from '../../region/one-line.ts';
import { binariesOf } from '../../images/cargo.ts';
import { requireRoom, writeLayout } from '../../images/layout.ts';
import { localImage } from '../../images/push-local.ts';
import { fromUser } from '../../apps/assemble.ts';
import { cargoBuild } from '../../deploy/cargo-build.ts';
import { ROOT } from '../../region/paths.ts';
import { Complaint } from '../../region/complaint.ts';
import { runSteps } from '../../terminal/rendering.ts';

export async function saveImage(binary: string, given: string): Promise<void> {
  const directory = fromUser(given);
  const workspace = join(ROOT, 'services-rust');
  // Before the build, which may take minutes.
  const known = await binariesOf(workspace);
  if (!known.includes(binary)) throw new Complaint(`no binary ${binary}: choose from ${known.join(', ')}`);
  await requireRoom(directory).catch((error: unknown) => {
    throw new Complaint(oneLine(error));
  });
  await runSteps([
    cargoBuild(workspace, binary).step,
    { title: `write ${directory}`, task: async () => writeLayout(await localImage(binary, ROOT), directory) },
  ]);
}
