/** One task from PROVISIONING to STOPPED: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
import type { FormerContainer, FormerTask } from '../core/ledger.ts';
import type { ClientAlias } from '../core/mesh.ts';
import { isAbrupt, isFailure, type StopCause, type TaskPlan, type TaskStatus } from '../core/task-plan.ts';
import type { ContainerProcess } from './container-process.ts';
import type { EnvoyProcess } from './envoy-process.ts';
import type { NamespaceHolder } from './namespace-holder.ts';
import type { RunningTask } from './running-task.ts';
import type { TaskContext } from './task-context.ts';
import { MACHINE, type TaskEdges } from './task-edges.ts';
import { NotStarted, TaskParts } from './task-parts.ts';
import { startParts } from './task-start.ts';
import { stopParts } from './task-stop.ts';

export type { TaskContext } from './task-context.ts';

/** From when all of it runs until its namespaces go. */
const RECORDED: ReadonlySet<TaskStatus> = new Set(['RUNNING', 'DEACTIVATING', 'STOPPING']);

export class Task implements RunningTask {
  readonly plan: TaskPlan;
  readonly createdAt: number;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  pullStartedAt: number | undefined;
  pullStoppedAt: number | undefined;
  status: TaskStatus = 'PROVISIONING';
  stopCause: StopCause | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Ends every wait of a start that is overtaken by a stop. */
  readonly #stopAsked = new AbortController();
  #healthyOnce = false;
  #listening = false;
  readonly #parts: TaskParts;
  readonly #context: TaskContext;
  readonly #edges: TaskEdges;

  constructor(plan: TaskPlan, context: TaskContext, createdAt = Date.now(), edges: TaskEdges = MACHINE) {
    this.plan = plan;
    this.createdAt = createdAt;
    this.#context = context;
    this.#edges = edges;
    this.#parts = new TaskParts(plan, context, edges, {
      stopAsked: this.#stopAsked.signal,
      essentialEnded: (reason) => void this.stop({ code: 'EssentialContainerExited', reason }),
    });
  }

  /**
   * Takes over a task that another agent started; what of it ended meanwhile, and a stop that was under way, take their
   * course from here. @throws Error when what describes it is gone
   */
  static async adopt(plan: TaskPlan, context: TaskContext, former: FormerTask, edges = MACHINE): Promise<Task> {
    const task = new Task(plan, context, former.createdAt, edges);
    // All that may fail comes first.
    const bodies = await task.#parts.formerBodies(former);
    task.pullStartedAt = former.pullStartedAt;
    task.pullStoppedAt = former.pullStoppedAt;
    task.startedAt = former.startedAt;
    task.status = 'RUNNING';
    task.#healthyOnce = former.healthyOnce;
    task.#listening = former.listening;
    task.#parts.adopt(former, bodies);
    if (former.stop !== undefined) void task.stop(former.stop);
    else if (!former.listening) void task.#awaitTargets();
    return task;
  }

  /** What another agent needs to take it over; undefined before it is RUNNING, and when it is over. */
  get ledger(): FormerTask | undefined {
    const { plan, startedAt, sidecar, holder } = this;
    if (startedAt === undefined || holder === undefined || !RECORDED.has(this.status)) return undefined;
    const containers = [...this.containers.values()].map(
      ({ definition: { name }, process, startedAt: since, health }): FormerContainer => ({
        ...{ name, process: process.identity, startedAt: since, health: { ...health } },
      }),
    );
    return {
      ...{ id: plan.id, serviceArn: plan.service.arn, deploymentId: plan.deployment.id, zone: plan.subnet.zone },
      ...{ address: plan.address, capacityProvider: plan.capacityProvider, targets: [...plan.targets] },
      ...{ createdAt: this.createdAt, pullStartedAt: this.pullStartedAt, pullStoppedAt: this.pullStoppedAt, startedAt },
      ...{ healthyOnce: this.healthyOnce, listening: this.#listening, stop: this.stopCause },
      ...{ holder: holder.identity, sidecar: sidecar?.process.identity, containers },
    };
  }

  get containers(): ReadonlyMap<string, ContainerProcess> {
    return this.#parts.containers;
  }

  get sidecar(): EnvoyProcess | undefined {
    return this.#parts.proxy.envoy;
  }

  /** The process that holds the task's namespaces. */
  get holder(): NamespaceHolder | undefined {
    return this.#parts.holder;
  }

  get wanted(): boolean {
    return this.stopCause === undefined;
  }

  get failed(): boolean {
    return this.stopCause !== undefined && isFailure(this.stopCause);
  }

  /**
   * Whether it was healthy at least once and listens where it is a target: an application that still starts would fail its
   * first checks, and one without a health check of its own is healthy before it listens.
   */
  get healthyOnce(): boolean {
    this.#healthyOnce ||= this.healthy && this.#listening;
    return this.#healthyOnce;
  }

  /** Every essential container runs and no health check says otherwise. */
  get healthy(): boolean {
    return this.status === 'RUNNING' && this.#parts.essential.every(({ healthStatus }) => healthStatus === 'HEALTHY');
  }

  get unhealthy(): boolean {
    return this.#parts.essential.some(({ healthStatus }) => healthStatus === 'UNHEALTHY');
  }

  /** Why its proxy refused what it was given last; it goes on with what it had. */
  get refusal(): string | undefined {
    return this.wanted ? this.#parts.proxy.refusal : undefined;
  }

  /** Lets the proxy take up how its aliases are called now. */
  refresh(aliases: (known: readonly ClientAlias[]) => readonly ClientAlias[]): Promise<void> {
    return this.#parts.proxy.refresh(aliases);
  }

  async start(): Promise<void> {
    try {
      this.#starting = this.#start();
      await this.#starting;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await this.stop(error instanceof NotStarted ? error.stop : { code: 'TaskFailedToStart', reason });
    }
  }

  async #start(): Promise<void> {
    await startParts(this.#parts, this.plan, this.#context, {
      begun: () => (this.pullStartedAt = Date.now()),
      over: () => {
        this.pullStoppedAt = Date.now();
        this.#become('PENDING');
      },
    });
    // One that ended meanwhile is about to stop the task.
    if (!this.wanted || this.#parts.essentialEnded) return;
    this.startedAt = Date.now();
    this.#become('RUNNING');
    void this.#awaitTargets();
  }

  async #awaitTargets(): Promise<void> {
    const ports = this.plan.targets.map(({ containerPort }) => containerPort);
    // A task without targets has nothing to wait for.
    if (this.holder === undefined || ports.length === 0) return;
    await this.#edges.listening(this.holder, ports, this.#stopAsked.signal);
    this.#listening = true;
    this.#context.onChange();
  }

  /** Stops the task once; later calls wait for the same end. */
  stop(cause: StopCause): Promise<void> {
    this.#stopping ??= this.#stop(cause);
    return this.#stopping;
  }

  async #stop(cause: StopCause): Promise<void> {
    const wasRunning = this.status === 'RUNNING';
    this.stopCause = cause;
    this.#stopAsked.abort();
    this.#become('DEACTIVATING');
    // What a start is just making has to be there before it can be taken away.
    await this.#starting?.catch(() => undefined);
    const how = { wasRunning, failed: this.failed, abrupt: isAbrupt(cause) };
    await stopParts(this.#parts, this.plan, this.#context, this.#edges, how, (status) => {
      this.#become(status);
    });
    this.stoppedAt = Date.now();
    this.#become('STOPPED');
  }

  #become(status: TaskStatus): void {
    // A start that is overtaken by a stop must not bring the task back.
    if (!this.wanted && (status === 'PENDING' || status === 'RUNNING')) return;
    this.status = status;
    this.#context.onChange();
  }
}
