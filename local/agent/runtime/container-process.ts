/** One container of a task: its health check, its end. */
import { once } from 'node:events';
import { healthCheckArgv } from '../core/container-command.ts';
import { initialHealth, nextHealth, type Health, type HealthStatus } from '../core/health.ts';
import type { StartFailure } from '../core/oci/start-failure.ts';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { StopCause } from '../core/task-plan.ts';
import { extentOf, readLog } from '../../region/logs/log-parts.ts';
import { signalProcess, type LongRunning } from './command.ts';

/** Until the first success a check runs this often instead of at its interval: a container is up in milliseconds here. */
const STARTING_INTERVAL_MS = 100;
const KILL_GRACE_MS = 5_000;
/** More than a few lines of any program. */
const LAST_BYTES = 64 * 1024;

/** What runs as a container: its image's program, or what stands in for it. */
export interface ContainerBody {
  readonly process: LongRunning;
  readonly logFile: string;
  /** Why its program never ran, when it did not. */
  readonly failure?: (StopCause & StartFailure) | undefined;
  /** The container's first process as the agent sees it. Undefined before and after. */
  readonly pid: () => number | undefined;
  /** Whether the command of the health check succeeds in time; undefined when this machine can't run it: its disk is full. */
  readonly passes: (argv: readonly string[], timeoutSeconds: number) => Promise<boolean | undefined>;
}

export class ContainerProcess {
  readonly definition: ContainerDefinition;
  readonly startedAt: number;
  readonly #body: ContainerBody;
  readonly #onChange: () => void;
  #health: Health;
  readonly #healthKnown = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #checking: Promise<void> = Promise.resolve();

  /** @param former how another agent knew it last */
  constructor(
    definition: ContainerDefinition,
    body: ContainerBody,
    onChange: () => void,
    former?: { readonly startedAt: number; readonly health: Health },
  ) {
    this.startedAt = former?.startedAt ?? Date.now();
    this.definition = definition;
    this.#body = body;
    this.#onChange = onChange;
    this.#health = former?.health ?? initialHealth(definition.healthCheck);
    if (this.#health.status !== 'UNKNOWN') this.#healthKnown.abort();
    void body.process.exited.then(() => {
      clearTimeout(this.#timer);
      onChange();
    });
    if (definition.healthCheck !== undefined) this.#scheduleCheck(STARTING_INTERVAL_MS);
  }

  get process(): LongRunning {
    return this.#body.process;
  }

  /** Why its program never ran, when it did not. */
  get failure(): (StopCause & StartFailure) | undefined {
    return this.#body.failure;
  }

  /** Once it ended by itself, or by a signal: 128 and the signal's number, as the runtime has it. */
  get exitCode(): number | undefined {
    return this.failure?.exitCode ?? this.process.exit?.code;
  }

  get health(): Health {
    return this.#health;
  }

  get healthStatus(): HealthStatus {
    return this.#health.status;
  }

  get pid(): number | undefined {
    return this.#body.pid();
  }

  /** Resolves once the health check said HEALTHY or UNHEALTHY, the container ended, or nobody waits any more. */
  async healthyOrEnded(giveUp: AbortSignal): Promise<void> {
    await firstOf(this.process.exited, this.#healthKnown.signal, giveUp);
  }

  /** Resolves once the container ended, or nobody waits any more. */
  async exited(giveUp: AbortSignal): Promise<void> {
    await firstOf(this.process.exited, giveUp);
  }

  /** The last lines of the container's output, for a message about its end. */
  lastLines(count: number): string[] {
    const { logFile } = this.#body;
    return readLog(logFile, extentOf(logFile).end - LAST_BYTES)
      .bytes.toString()
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .slice(-count);
  }

  /** SIGTERM, then SIGKILL after the stop timeout; SIGKILL at once when it is abrupt. */
  async stop(abrupt: boolean): Promise<void> {
    clearTimeout(this.#timer);
    await this.#end(abrupt);
    // A check that is under way writes into the container's files, which are about to go.
    await this.#checking;
  }

  async #end(abrupt: boolean): Promise<void> {
    const { pid } = this;
    if (pid !== undefined) signalProcess(pid, abrupt ? 'SIGKILL' : 'SIGTERM');
    if (await this.process.endsWithin(this.definition.stopTimeoutSeconds * 1000)) return;
    // Not the runtime beside it: that ends by itself, and takes away what it made.
    signalProcess(pid ?? this.process.pid, 'SIGKILL');
    await this.process.endsWithin(KILL_GRACE_MS);
  }

  #scheduleCheck(delay: number): void {
    if (!this.process.running) return;
    this.#timer = setTimeout(() => {
      this.#checking = this.#check();
    }, delay);
  }

  async #check(): Promise<void> {
    const check = this.definition.healthCheck;
    const argv = check === undefined ? undefined : healthCheckArgv(check.command);
    if (check === undefined || argv === undefined) return;
    // What fails to be asked is asked again, and says nothing about the container.
    const passed = await this.#body.passes(argv, check.timeoutSeconds).catch(() => undefined);
    const before = this.#health.status;
    if (passed !== undefined)
      this.#health = nextHealth(this.#health, check, passed, (Date.now() - this.startedAt) / 1000);
    if (this.#health.status !== 'UNKNOWN') this.#healthKnown.abort();
    if (this.#health.status !== before) this.#onChange();
    this.#scheduleCheck(this.#health.status === 'UNKNOWN' ? STARTING_INTERVAL_MS : check.intervalSeconds * 1000);
  }
}

/** Resolves when the program exited or one of the signals was given, whichever is first, and listens to none of them after. */
async function firstOf(exited: Promise<unknown>, ...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) return;
  const over = new AbortController();
  const given = signals.map((signal) => once(signal, 'abort', { signal: over.signal }).catch(() => undefined));
  await Promise.race([exited, ...given]);
  over.abort();
}
