/** A container on its image's files, in mount and PID namespaces of its own within its task's network. */
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerCommand, processSettings, type ImageSettings, type Tools } from '../core/container-command.ts';
import type { Mount } from '../core/container-mounts.ts';
import type { ContainerDefinition } from '../core/region-state.ts';
import { LongRunning } from './command.ts';
import type { ContainerBody } from './container-process.ts';
import { insideRoot } from '../../images/inside-root.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

const SCRIPT = join(import.meta.dirname, 'container.sh');

export interface ContainerFiles {
  /** The unpacked image. */
  readonly root: string;
  /** A directory of this container's own. */
  readonly directory: string;
  readonly hosts: string;
  readonly resolv: string;
  readonly logFile: string;
  /** Where the task's volumes lie. */
  readonly volumes: string;
}

/** What comes to a container from its task. */
export interface FromTask {
  readonly secrets: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

export interface ContainerContext {
  readonly tools: Tools;
  readonly rootless: boolean;
}

/** KIND SOURCE TARGET OPTIONS of container.sh. */
async function mountArguments(mount: Mount, { root, volumes }: ContainerFiles): Promise<string[]> {
  const target = await insideRoot(root, mount.path);
  return mount.kind === 'tmpfs'
    ? ['tmpfs', '-', target, mount.options]
    : ['bind', join(volumes, mount.volume), target, mount.readOnly ? 'ro' : 'rw'];
}

export async function startImage(
  definition: ContainerDefinition,
  image: ImageSettings,
  { secrets, mounts }: FromTask,
  files: ContainerFiles,
  holder: NamespaceHolder,
  { tools, rootless }: ContainerContext,
): Promise<ContainerBody> {
  const passwd = await readFile(join(files.root, 'etc/passwd'), 'utf8').catch(() => '');
  const settings = processSettings(definition, image, passwd, secrets);
  const view = join(files.directory, 'view');
  await mkdir(view, { recursive: true });
  const command = [
    ...['unshare', '-m', '-p', '--fork', '--kill-child=KILL', '--propagation', 'private', 'sh', SCRIPT],
    ...[files.root, view, files.directory, definition.readonlyRootFilesystem ? 'ro' : 'rw', files.hosts, files.resolv],
    ...[String(mounts.length), ...(await Promise.all(mounts.map((mount) => mountArguments(mount, files)))).flat()],
    ...containerCommand(settings, view, tools, rootless),
  ];
  const process = LongRunning.start('nsenter', holder.enter(command), files.logFile);
  const pid = (): number | undefined => onlyChildOf(process.pid);
  return {
    process,
    logFile: files.logFile,
    pid,
    /** Runs the command inside the container as its user, as `docker exec` would. */
    passes: async (argv, timeoutSeconds) => {
      const target = pid();
      if (target === undefined) return false;
      const user = rootless ? [] : ['-S', String(settings.uid), '-G', String(settings.gid)];
      const args = ['-t', String(target), '-m', '-n', '-p', '--root', '--wd', ...user, '--', ...argv];
      const checking = LongRunning.start(tools.nsenter, args, `${files.logFile}.health`, settings.environment);
      if (await checking.endsWithin(timeoutSeconds * 1000)) return checking.exit?.code === 0;
      checking.signal('SIGKILL');
      return false;
    },
  };
}

/** What `unshare --fork` started. */
function onlyChildOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
    const first = children.trim().split(' ')[0] ?? '';
    return first === '' ? undefined : Number(first);
  } catch {
    return undefined;
  }
}
