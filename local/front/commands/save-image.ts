/** `highlands save-image`: a binary of the Rust workspace as an image in a directory, for `up --image`. */
import { join } from 'node:path';
import { buildServices } from '../../images/cargo.ts';
import { writeLayout } from '../../images/layout.ts';
import { localImage } from '../../images/push-local.ts';
import { fromUser } from '../apps/assemble.ts';
import { ROOT } from '../region/paths.ts';
import { runSteps } from '../rendering.ts';

export async function saveImage(binary: string, given: string): Promise<void> {
  const directory = fromUser(given);
  await runSteps([
    { title: 'build', task: () => buildServices(join(ROOT, 'services-rust'), binary) },
    { title: `write ${directory}`, task: async () => writeLayout(await localImage(binary, ROOT), directory) },
  ]);
}
