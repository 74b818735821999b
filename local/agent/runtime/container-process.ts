/** One container of a task: its process, its health check, its end. */
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pWaitFor from 'p-wait-for';
import {
  containerCommand,
  healthCheckArgv,
  processSettings,
  type ImageSettings,
  type ProcessSettings,
  type Tools,
} from '../core/container-command.ts';
import { initialHealth, nextHealth, type Health, type HealthStatus } from '../core/health.ts';
import type { ContainerDefinition } from '../core/region-state.ts';
import { LongRunning, signalProcess } from './command.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

const SCRIPT = join(import.meta.dirname, 'container.sh');
/** Until the first success a check runs this often instead of at its interval: a container is up in milliseconds here. */
const STARTING_INTERVAL_MS = 100;
const KILL_GRACE_MS = 5_000;

export interface ContainerFiles {
  /** The unpacked image. */
  readonly root: string;
  /** A directory of this container's own. */
  readonly directory: string;
  readonly hosts: string;
  readonly resolv: string;
  readonly logFile: string;
}

export interface ContainerContext {
  readonly holder: NamespaceHolder;
  readonly tools: Tools;
  readonly rootless: boolean;
  readonly onChange: () => void;
}

export class ContainerProcess {
  readonly definition: ContainerDefinition;
  readonly startedAt = Date.now();
  readonly process: LongRunning;
  readonly #context: ContainerContext;
  readonly #settings: ProcessSettings;
  readonly #logFile: string;
  #health: Health;
  #timer: NodeJS.Timeout | undefined;

  private constructor(
    definition: ContainerDefinition,
    settings: ProcessSettings,
    process: LongRunning,
    logFile: string,
    context: ContainerContext,
  ) {
    this.definition = definition;
    this.process = process;
    this.#settings = settings;
    this.#logFile = logFile;
    this.#context = context;
    this.#health = initialHealth(definition.healthCheck);
    void process.exited.then(() => {
      clearTimeout(this.#timer);
      context.onChange();
    });
    if (definition.healthCheck !== undefined) this.#scheduleCheck(STARTING_INTERVAL_MS);
  }

  static async start(
    definition: ContainerDefinition,
    image: ImageSettings,
    files: ContainerFiles,
    context: ContainerContext,
  ): Promise<ContainerProcess> {
    const passwd = await readFile(join(files.root, 'etc/passwd'), 'utf8').catch(() => '');
    const settings = processSettings(definition, image, passwd);
    const view = join(files.directory, 'view');
    await mkdir(view, { recursive: true });
    const command = [
      ...['unshare', '-m', '-p', '--fork', '--kill-child=KILL', '--propagation', 'private', 'sh', SCRIPT],
      ...[files.root, view, definition.readonlyRootFilesystem ? '-' : files.directory, files.hosts, files.resolv],
      ...containerCommand(settings, view, context.tools, context.rootless),
    ];
    const process = LongRunning.start('nsenter', context.holder.enter(command), files.logFile);
    return new ContainerProcess(definition, settings, process, files.logFile, context);
  }

  get healthStatus(): HealthStatus {
    return this.#health.status;
  }

  /** The container's first process as the agent sees it: the one child of `unshare`. Undefined before and after. */
  get pid(): number | undefined {
    try {
      const children = readFileSync(
        `/proc/${String(this.process.pid)}/task/${String(this.process.pid)}/children`,
        'utf8',
      );
      const first = children.trim().split(' ')[0] ?? '';
      return first === '' ? undefined : Number(first);
    } catch {
      return undefined;
    }
  }

  /** Resolves once the health check said HEALTHY or UNHEALTHY, the container ended, or nobody waits any more. */
  async healthyOrEnded(giveUp: AbortSignal): Promise<void> {
    const known = () => this.healthStatus !== 'UNKNOWN' || !this.process.running || giveUp.aborted;
    await pWaitFor(known, { interval: STARTING_INTERVAL_MS });
  }

  /** Resolves once the container ended, or nobody waits any more. */
  async exited(giveUp: AbortSignal): Promise<void> {
    await pWaitFor(() => !this.process.running || giveUp.aborted, { interval: STARTING_INTERVAL_MS });
  }

  /** The last lines of the container's output, for a message about its end. */
  async lastLines(count: number): Promise<string[]> {
    const text = await readFile(this.#logFile, 'utf8').catch(() => '');
    return text
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .slice(-count);
  }

  /** SIGTERM, then SIGKILL after the stop timeout; SIGKILL at once when it is abrupt. */
  async stop(abrupt: boolean): Promise<void> {
    clearTimeout(this.#timer);
    const { pid } = this;
    if (pid !== undefined) signalProcess(pid, abrupt ? 'SIGKILL' : 'SIGTERM');
    if (await this.process.endsWithin(this.definition.stopTimeoutSeconds * 1000)) return;
    this.process.signal('SIGKILL');
    await this.process.endsWithin(KILL_GRACE_MS);
  }

  #scheduleCheck(delay: number): void {
    if (!this.process.running) return;
    this.#timer = setTimeout(() => {
      void this.#check();
    }, delay);
  }

  async #check(): Promise<void> {
    const check = this.definition.healthCheck;
    const argv = check === undefined ? undefined : healthCheckArgv(check.command);
    const { pid } = this;
    if (check === undefined || argv === undefined) return;
    const passed = pid !== undefined && (await this.#passes(pid, argv, check.timeoutSeconds));
    const before = this.#health.status;
    this.#health = nextHealth(this.#health, check, passed, (Date.now() - this.startedAt) / 1000);
    if (this.#health.status !== before) this.#context.onChange();
    this.#scheduleCheck(this.#health.status === 'UNKNOWN' ? STARTING_INTERVAL_MS : check.intervalSeconds * 1000);
  }

  /** Runs the command inside the container as its user, as `docker exec` would. */
  async #passes(pid: number, argv: readonly string[], timeoutSeconds: number): Promise<boolean> {
    const { uid, gid, environment } = this.#settings;
    const user = this.#context.rootless ? [] : ['-S', String(uid), '-G', String(gid)];
    const args = ['-t', String(pid), '-m', '-n', '-p', '--root', '--wd', ...user, '--', ...argv];
    const checking = LongRunning.start(this.#context.tools.nsenter, args, `${this.#logFile}.health`, environment);
    if (await checking.endsWithin(timeoutSeconds * 1000)) return checking.exit?.code === 0;
    checking.signal('SIGKILL');
    return false;
  }
}
