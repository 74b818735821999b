/** The volumes of a task: directories that its containers share, gone with the task. */
import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mount } from '../core/container-mounts.ts';
import { insideRoot } from '../../images/inside-root.ts';
import { run } from './command.ts';

/** A container's image and what is mounted into it. */
export interface MountingContainer {
  readonly root: string;
  readonly mounts: readonly Mount[];
}

/**
 * Makes every volume. A directory that the first container to mount it has at that place in its image comes with its
 * content, mode and owner, as with `VOLUME` in a Dockerfile; otherwise it is empty and root's, with mode 755.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 * @returns the directory of each volume by its name, which is no part of the path
 */
export async function makeVolumes(
  directory: string,
  containers: readonly MountingContainer[],
): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  for (const { root, mounts } of containers) {
    for (const mount of mounts) {
      if (mount.kind !== 'volume' || made.has(mount.volume)) continue;
      const volume = join(directory, String(made.size));
      made.set(mount.volume, volume);
      await mkdir(volume, { recursive: true, mode: 0o755 });
      const source = join(root, await insideRoot(root, mount.path));
      const found = await stat(source).catch(() => undefined);
      if (found?.isDirectory() !== true) continue;
      await run('cp', ['-a', `${source}/.`, volume]);
      await chown(volume, found.uid, found.gid);
      await chmod(volume, found.mode & 0o7777);
    }
  }
  return made;
}
