/** `highlands save-image`: a binary of the Rust workspace, or files of one's own, as an image in a directory, for `up --image`. */
import { join } from 'node:path';
import { oneLine } from '../../region/one-line.ts';
import { binariesOf } from '../../images/cargo.ts';
import { requireRoom, writeLayout } from '../../images/layout.ts';
import { localImage } from '../../images/push-local.ts';
import { ownImage, type OwnImage } from '../../images/save-own.ts';
import { fromUser } from '../../apps/assemble.ts';
import { cargoBuild } from '../../deploy/cargo-build.ts';
import { ROOT } from '../../region/paths.ts';
import { Complaint } from '../../region/complaint.ts';
import { runSteps } from '../../terminal/rendering.ts';

export async function saveImage(names: readonly string[], own: OwnImage): Promise<void> {
  const isOwn = own.binary !== undefined || own.rootfs !== undefined;
  const [first = '', second] = names;
  if (names.length !== (isOwn ? 1 : 2))
    throw new Complaint(
      isOwn
        ? 'save-image with --binary or --rootfs takes one name: the directory to write to'
        : 'save-image takes a binary of the Rust workspace and the directory to write to; for files of your own give --binary or --rootfs',
    );
  if (isOwn) await saveOwn(first, own);
  else await saveOurs(first, second ?? '');
}

async function saveOurs(binary: string, given: string): Promise<void> {
  const directory = fromUser(given);
  const workspace = join(ROOT, 'services-rust');
  // Before the build, which may take minutes.
  const known = await binariesOf(workspace);
  if (!known.includes(binary)) throw new Complaint(`no binary ${binary}: choose from ${known.join(', ')}`);
  await requireRoom(directory).catch(complain);
  await runSteps([
    cargoBuild(workspace, binary).step,
    { title: `write ${directory}`, task: async () => writeLayout(await localImage(binary, ROOT), directory) },
  ]);
}

async function saveOwn(given: string, { binary, rootfs, ...settings }: OwnImage): Promise<void> {
  const directory = fromUser(given);
  await requireRoom(directory).catch(complain);
  const image = await ownImage({
    ...settings,
    ...(binary === undefined ? {} : { binary: fromUser(binary) }),
    ...(rootfs === undefined ? {} : { rootfs: fromUser(rootfs) }),
  }).catch(complain);
  await runSteps([{ title: `write ${directory}`, task: () => writeLayout(image, directory) }]);
}

function complain(error: unknown): never {
  throw new Complaint(oneLine(error));
}
