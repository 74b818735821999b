/** A container on its image's files, run by the OCI runtime within its task's network. */
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import pWaitFor from 'p-wait-for';
import { z } from 'zod';
import type { ImageSettings, Tools } from '../core/container-command.ts';
import { ociMount, type Mount } from '../core/container-mounts.ts';
import { ociProcess } from '../core/oci/process.ts';
import { cpuQuota } from '../core/oci/resources.ts';
import { ociSpec, ROOT_OF_BUNDLE, type TaskFilesOfContainer } from '../core/oci/spec.ts';
import { errorIn, refusedByKernel, startFailure } from '../core/oci/start-failure.ts';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { insideRoot } from '../../images/inside-root.ts';
import { isFull } from '../disk/disk-full.ts';
import { moveInto } from '../../region/move-into.ts';
import { LongRunning, signalProcess } from './command.ts';
import type { ContainerBody } from './container-process.ts';
import type { NamespaceHolder } from './namespace-holder.ts';
import { limitCpu } from './machine.ts';
import { runtimeCommand } from './oci-runtime.ts';

const SCRIPT = join(import.meta.dirname, 'container.sh');
/** A container is up in about 50 ms. */
const LOOK_EVERY_MS = 10;

/** What is there of a container from its start to its end. */
export interface BundleFiles {
  /** The runtime's bundle, a directory of this container's own. */
  readonly bundle: string;
  /** Where the runtime keeps what it knows of the task's containers. */
  readonly runtimeDirectory: string;
  readonly logFile: string;
}

export interface ContainerFiles extends BundleFiles {
  /** The unpacked image. */
  readonly root: string;
  readonly ofTask: TaskFilesOfContainer;
  /** Directory of each volume of the task. */
  readonly volumes: ReadonlyMap<string, string>;
}

/** What comes to a container from its task. */
export interface FromTask {
  /** Variables that Fargate gives. */
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
}

export interface ContainerContext {
  readonly tools: Tools;
  readonly rootless: boolean;
  /** Tells what this machine does not allow, and the task runs without. */
  readonly note: (message: string) => void;
}

/** Nobody else may read what is in it: the values of secrets. */
const PRIVATE = { mode: 0o600 };

/**
 * Resolves when the container's program runs, or ended, or was found not to run: then `failure` says why.
 * @throws Error for a container that can't be described
 */
export async function startImage(
  definition: ContainerDefinition,
  image: ImageSettings,
  { environment, secrets, mounts }: FromTask,
  files: ContainerFiles,
  { id, hostname, taskDefinition }: Pick<TaskPlan, 'id' | 'hostname' | 'taskDefinition'>,
  holder: NamespaceHolder,
  { tools, note }: ContainerContext,
): Promise<ContainerBody> {
  const { machine } = tools;
  const containerId = containerIdOf(id, files);
  const lists = { passwd: await inImage(files.root, 'etc/passwd'), group: await inImage(files.root, 'etc/group') };
  const { process, notes } = ociProcess({ definition, image, lists, secrets, ofTask: environment, hostname, machine });
  for (const line of notes) note(line);
  const spec = ociSpec({
    ...{ process, definition, hostname, machine, files: files.ofTask, task: taskDefinition, id: containerId },
    network: `/proc/${String(holder.pid)}/ns/net`,
    mounts: mounts.map((mount) => ociMount(mount, files.volumes)),
  });
  for (const name of ['upper', 'work', ROOT_OF_BUNDLE]) await mkdir(join(files.bundle, name), { recursive: true });
  await symlink(files.root, join(files.bundle, 'image'));
  await writeFile(join(files.bundle, 'config.json'), JSON.stringify(spec), PRIVATE);
  const runtime = runtimeOf(files, tools);
  const command = [...runtime, 'run', '--bundle', files.bundle, '--pid-file', join(files.bundle, 'pid'), containerId];
  const running = LongRunning.start('nsenter', holder.enter(['sh', SCRIPT, files.bundle, ...command]), files.logFile);
  const body = bodyOf(running, process, files, id, tools);
  await pWaitFor(() => !running.running || isItself(body.pid(), tools.runtime), {
    interval: LOOK_EVERY_MS,
    timeout: 60_000,
  });
  const quota = machine.cgroups && cpuQuota(taskDefinition, machine.cgroups);
  if (machine.cgroups !== undefined && quota !== undefined) await limitCpu(machine.cgroups, containerId, quota);
  return running.running ? body : { ...body, failure: await failureOf(running, files, process.args[0] ?? '') };
}

const Config = z.object({ process: z.looseObject({}) });

/** Takes over a container that another agent started. @throws Error when its description is gone */
export async function adoptImage(
  identity: ProcessIdentity,
  files: BundleFiles,
  id: string,
  tools: Tools,
): Promise<ContainerBody> {
  const { process } = Config.parse(JSON.parse(await readFile(join(files.bundle, 'config.json'), 'utf8')));
  return bodyOf(LongRunning.adopt(identity, join(files.bundle, 'exit')), process, files, id, tools);
}

const containerIdOf = (taskId: string, { bundle }: BundleFiles): string => `${taskId}-${basename(bundle)}`;

const runtimeOf = ({ runtimeDirectory, bundle }: BundleFiles, { runtime, machine }: Tools): string[] =>
  runtimeCommand(runtime, runtimeDirectory, bundle, machine);

function bodyOf(running: LongRunning, process: object, files: BundleFiles, id: string, tools: Tools): ContainerBody {
  return {
    process: running,
    logFile: files.logFile,
    pid: () => (running.running ? numberIn(join(files.bundle, 'pid')) : undefined),
    /** Runs the command inside the container as its user, within the same walls, as `docker exec` would. */
    passes: async (args, timeoutSeconds) => {
      if (!(await hasRoom(files.bundle))) return undefined;
      const file = join(files.bundle, 'check.json');
      await writeFile(file, JSON.stringify({ ...process, args }), PRIVATE);
      const pidFile = join(files.bundle, 'check.pid');
      // What the check before it said would be there for ever.
      const checkLog = join(files.bundle, 'check.log');
      for (const old of [pidFile, checkLog]) await rm(old, { force: true });
      const container = containerIdOf(id, files);
      const exec = [...runtimeOf(files, tools).slice(1), 'exec', '--process', file, '--pid-file', pidFile, container];
      const checking = LongRunning.start(tools.runtime, exec, checkLog);
      if (await checking.endsWithin(timeoutSeconds * 1000)) {
        if (checking.exit?.code === 0) return true;
        // The disk may have become full meanwhile, and the command never ran.
        return numberIn(pidFile) === undefined && !(await hasRoom(files.bundle)) ? undefined : false;
      }
      // The runtime ends with what it runs, and reaps it.
      const inside = numberIn(pidFile);
      if (inside === undefined) checking.signal('SIGKILL');
      else signalProcess(inside, 'SIGKILL');
      return false;
    },
  };
}

/** A file of the image, by the image's own links; empty when it has none. */
async function inImage(root: string, path: string): Promise<string> {
  return readFile(join(root, await insideRoot(root, path)), 'utf8').catch(() => '');
}

/** A page of a file: the runtime's own are shorter. */
const PROBE = Buffer.alloc(4096);

/** Whether the runtime could write what it needs to run something. */
async function hasRoom(directory: string): Promise<boolean> {
  try {
    await moveInto(join(directory, 'room'), PROBE.toString());
    return true;
  } catch (error) {
    if (isFull(error)) return false;
    throw error;
  }
}

function numberIn(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the runtime's own program has made room for the container's. */
function isItself(pid: number | undefined, runtime: string): boolean {
  if (pid === undefined) return false;
  try {
    const program = readlinkSync(`/proc/${String(pid)}/exe`);
    return program !== runtime && !program.startsWith(`/memfd:`);
  } catch {
    return false; // it ended, which is seen elsewhere
  }
}

async function failureOf({ exit }: LongRunning, { bundle, logFile }: ContainerFiles, program: string) {
  const said = errorIn(await readFile(join(bundle, 'runtime.log'), 'utf8').catch(() => ''));
  if (said !== undefined && numberIn(join(bundle, 'pid')) === undefined)
    return { code: 'TaskFailedToStart' as const, ...startFailure(said) };
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n');
  if (exit?.code === undefined || exit.code === 0 || !refusedByKernel(lines.at(-1), program)) return undefined;
  // To Fargate this one ran and ended at once.
  const reason = `Essential container in task exited: exit code ${String(exit.code)}; ${lines.at(-1) ?? ''}`;
  return { code: 'EssentialContainerExited' as const, reason, exitCode: exit.code };
}
