/** What runs of a task: the process that holds its namespaces, its proxy, its containers. */
import { join } from 'node:path';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import type { FormerContainer, FormerTask } from '../core/ledger.ts';
import { startOrder } from '../core/container-order.ts';
import { taskRedirects } from '../core/network/task-redirects.ts';
import type { ContainerDefinition } from '../core/task-definition.ts';
import type { StopCause, TaskPlan } from '../core/task-plan.ts';
import { ContainerProcess, type ContainerBody } from './container-process.ts';
import type { NamespaceHolder } from './namespace-holder.ts';
import { makeTaskVolumes, type ContainerParts } from './task-containers.ts';
import type { TaskContext } from './task-context.ts';
import { dependenciesMet, said } from './task-dependencies.ts';
import type { TaskEdges } from './task-edges.ts';
import { TaskProxy } from './task-proxy.ts';

export interface PartsOwner {
  /** Aborted once the task is asked to stop. */
  readonly stopAsked: AbortSignal;
  /** Something without which the task can't be ended, and nobody asked for it. */
  readonly essentialEnded: (reason: string) => void;
}

/** A container that another agent started. */
interface FormerBody {
  readonly former: FormerContainer;
  readonly definition: ContainerDefinition;
  readonly body: ContainerBody;
}

export class TaskParts {
  readonly containers = new Map<string, ContainerProcess>();
  readonly proxy: TaskProxy;
  readonly #plan: TaskPlan;
  readonly #context: TaskContext;
  readonly #edges: TaskEdges;
  readonly #owner: PartsOwner;
  #holder: NamespaceHolder | undefined;

  constructor(plan: TaskPlan, context: TaskContext, edges: TaskEdges, owner: PartsOwner) {
    this.#plan = plan;
    this.#context = context;
    this.#edges = edges;
    this.#owner = owner;
    this.proxy = new TaskProxy(plan, context, edges, {
      wanted: () => this.#wanted,
      proxyEnded: () => {
        this.#essentialExited(SIDECAR_NAME);
      },
    });
  }

  get holder(): NamespaceHolder | undefined {
    return this.#holder;
  }

  get essential(): ContainerProcess[] {
    return [...this.containers.values()].filter(({ definition }) => definition.essential);
  }

  /** Whether an essential container ended already, which is about to stop the task. */
  get essentialEnded(): boolean {
    return this.essential.some(({ process }) => !process.running);
  }

  async openNetwork(): Promise<void> {
    const { address, gateway, runDirectory, sidecar } = this.#plan;
    const holder = await this.#edges.startHolder([
      { source: join(runDirectory, 'hosts'), target: '/etc/hosts' },
      { source: join(runDirectory, 'resolv.conf'), target: '/etc/resolv.conf' },
    ]);
    this.#hold(holder);
    await this.#context.router.attach(holder, [address], gateway);
    if (sidecar !== undefined)
      await this.#edges.run('nsenter', holder.enter(['iptables-restore', '-w', '5'], false), taskRedirects(sidecar));
  }

  /** The proxy comes first: applications start when their endpoints are there. */
  async startProxy(): Promise<void> {
    const { sidecar } = this.#plan;
    if (sidecar === undefined || this.#holder === undefined || !this.#wanted) return;
    await this.proxy.start(sidecar, this.#holder);
  }

  /** @returns when each was started, or the task is asked to stop. @throws Error, or NotStarted with what ECS says of it */
  async startContainers(parts: ReadonlyMap<string, ContainerParts>): Promise<void> {
    const volumes = await makeTaskVolumes(this.#plan, parts);
    for (const definition of startOrder(this.#plan.taskDefinition.containers)) {
      if (!this.#wanted) return;
      await this.#startContainer(definition, parts.get(definition.name), volumes);
    }
  }

  /** What there is of the containers that another agent started. @throws Error when what describes them is gone */
  formerBodies(former: FormerTask): Promise<readonly FormerBody[]> {
    const { containers } = this.#plan.taskDefinition;
    return Promise.all(
      former.containers.flatMap((one) => {
        const definition = containers.find(({ name }) => name === one.name);
        return definition === undefined
          ? []
          : this.#edges
              .adoptContainer(definition, one.process, this.#plan, this.#context)
              .then((body) => ({ former: one, definition, body }));
      }),
    );
  }

  /** Takes over what another agent started, at once, so that a stop that is asked for comes before what ended meanwhile. */
  adopt({ holder, sidecar }: FormerTask, bodies: readonly FormerBody[]): void {
    this.#hold(this.#edges.adoptHolder(holder));
    if (sidecar !== undefined && this.#plan.sidecar !== undefined) this.proxy.adopt(this.#plan.sidecar, sidecar);
    for (const { definition, body, former } of bodies) {
      const container = new ContainerProcess(definition, body, this.#context.onChange, former);
      this.containers.set(definition.name, container);
      this.#watch(container);
    }
  }

  get #wanted(): boolean {
    return !this.#owner.stopAsked.aborted;
  }

  #hold(holder: NamespaceHolder): void {
    this.#holder = holder;
    void holder.exited.then(() => {
      this.#essentialExited('the namespaces of the task');
    });
  }

  async #startContainer(
    definition: ContainerDefinition,
    parts: ContainerParts | undefined,
    volumes: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (this.#holder === undefined) return;
    const { startContainer } = this.#edges;
    const body = await startContainer(definition, parts, volumes, this.#plan, this.#holder, this.#context);
    const container = new ContainerProcess(definition, body, this.#context.onChange);
    this.containers.set(definition.name, container);
    if (body.failure !== undefined && definition.essential) throw new NotStarted(body.failure);
    this.#watch(container);
    await dependenciesMet(container, this.#plan.taskDefinition.containers, this.#owner.stopAsked);
  }

  #watch(container: ContainerProcess): void {
    void container.process.exited.then(() => {
      this.#containerExited(container);
    });
  }

  #essentialExited(name: string): void {
    if (this.#wanted) this.#owner.essentialEnded(`Essential container in task exited (${name})`);
  }

  #containerExited(container: ContainerProcess): void {
    if (!this.#wanted || !container.definition.essential) return;
    const { code, signal } = container.process.exit ?? {};
    const how = signal === undefined ? `exit code ${String(code)}` : `signal ${signal}`;
    this.#owner.essentialEnded(
      `Essential container in task exited: ${container.definition.name}, ${how}; ${said(container)}`,
    );
  }
}

/** A container whose program never ran. */
export class NotStarted extends Error {
  readonly stop: StopCause;

  constructor(stop: StopCause) {
    super(stop.reason);
    this.stop = { code: stop.code, reason: stop.reason };
  }
}
