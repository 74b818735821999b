/** Makes an image of somebody's own files: a program, a root filesystem, or both. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { architectureOf, imageOf, isStatic } from './build.ts';
import { contextOf } from './dockerfile/build-plain.ts';
import { NO_SETTINGS, withEnv } from './dockerfile/settings.ts';
import { tarLayer } from './dockerfile/tar-layer.ts';
import { machineArchitecture, type Image } from './oci.ts';

export interface OwnImage {
  /** A program, which goes to `/` and is what the image runs. */
  readonly binary?: string;
  /** A folder whose content is at `/`. */
  readonly rootfs?: string;
  readonly user?: string;
  readonly workdir?: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it runs, in the place of the program. */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
}

/** Executable by everybody, writable by nobody. */
const PROGRAM_MODE = 0o555;

/** @throws Error in one line that names a file which does not do */
function requireProgram(file: string, isAlone: boolean): void {
  if (!existsSync(file) || !statSync(file).isFile()) throw new Error(`${file} is no file: give a program`);
  const binary = readFileSync(file);
  const architecture = architectureOf(binary);
  // A script runs with what the root filesystem has.
  if (architecture === undefined && !isAlone) return;
  if (architecture !== machineArchitecture())
    throw new Error(`${file} is no program for ${machineArchitecture()}: build it for this machine`);
  if (isAlone && !isStatic(binary))
    throw new Error(`${file} is no static program: build it as one, or give its libraries with --rootfs`);
}

/** @throws Error in one line that names what is wrong with what was given */
export async function ownImage({ binary, rootfs, user, workdir, env, entrypoint, cmd }: OwnImage): Promise<Image> {
  if (rootfs !== undefined && (!existsSync(rootfs) || !statSync(rootfs).isDirectory()))
    throw new Error(`${rootfs} is no folder: give one whose content the image has at /`);
  const tree = contextOf(rootfs);
  const name = binary === undefined ? undefined : basename(binary);
  if (binary !== undefined && name !== undefined) {
    requireProgram(binary, rootfs === undefined);
    tree.put(name, { kind: 'file', from: binary, uid: 0, gid: 0, mode: PROGRAM_MODE });
  }
  const runs = entrypoint ?? (name === undefined ? undefined : [`/${name}`]);
  return imageOf({
    architecture: machineArchitecture(),
    layers: [await tarLayer(tree)],
    config: {
      WorkingDir: workdir ?? NO_SETTINGS.WorkingDir,
      Env: Object.entries(env).reduce(withEnv, NO_SETTINGS.Env),
      ...(user === undefined ? {} : { User: user }),
      ...(runs === undefined ? {} : { Entrypoint: runs }),
      ...(cmd === undefined ? {} : { Cmd: cmd }),
    },
    history: [
      'save-image',
      ...(binary === undefined ? [] : ['--binary']),
      ...(rootfs === undefined ? [] : ['--rootfs']),
    ].join(' '),
  });
}
