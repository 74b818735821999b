/** One task from PROVISIONING to STOPPED: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerLog } from '../core/container-logs.ts';
import { startOrder } from '../core/container-order.ts';
import { sidecarBootstrap, sidecarResources } from '../core/envoy/sidecar.ts';
import type { FormerContainer, FormerTask } from '../core/ledger.ts';
import type { ClientAlias, Sidecar } from '../core/mesh.ts';
import type { ContainerDefinition } from '../core/region-state.ts';
import { taskRedirects } from '../core/network/task-redirects.ts';
import { asProxyUser, proxyUserId } from '../core/proxy-user.ts';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import { isAbrupt, isFailure, type StopCause, type TaskPlan, type TaskStatus } from '../core/task-plan.ts';
import { run } from './command.ts';
import { ContainerProcess } from './container-process.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import { drain } from './drain.ts';
import { EnvoyProcess, type EnvoyFiles } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import { disconnected, listening } from './sockets-of.ts';
import {
  adoptContainer,
  fetchParts,
  makeTaskVolumes,
  startContainer,
  stopInOrder,
  type ContainerParts,
  type ContainersContext,
} from './task-containers.ts';
import { TakeUp } from './take-up.ts';
import type { VpcRouter } from './vpc-router.ts';

const LAST_LINES = 5;
/** From when all of it runs until its namespaces go. */
const RECORDED: ReadonlySet<TaskStatus> = new Set(['RUNNING', 'DEACTIVATING', 'STOPPING']);

export interface TaskContext extends ContainersContext {
  readonly router: VpcRouter;
  readonly onChange: () => void;
  /**
   * Resolves when no proxy or load balancer sends new requests to a task that is no longer wanted.
   * @param dead when it answers none any more
   */
  readonly withdrawn: (dead: boolean) => Promise<void>;
  /** Who may still wait for answers of a target that leaves, by IPv4 address, and how many seconds for at most. */
  readonly deregistration: () => Promise<{ readonly balancers: readonly string[]; readonly seconds: number }>;
}

export class Task {
  readonly plan: TaskPlan;
  readonly createdAt: number;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  pullStartedAt: number | undefined;
  pullStoppedAt: number | undefined;
  status: TaskStatus = 'PROVISIONING';
  stopCause: StopCause | undefined;
  readonly containers = new Map<string, ContainerProcess>();
  sidecar: EnvoyProcess | undefined;
  #discovery: DiscoveryFiles | undefined;
  #takeUp: TakeUp | undefined;
  #holder: NamespaceHolder | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Ends every wait of a start that is overtaken by a stop. */
  readonly #stopAsked = new AbortController();
  #healthyOnce = false;
  #listening = false;
  readonly #context: TaskContext;

  constructor(plan: TaskPlan, context: TaskContext, createdAt = Date.now()) {
    this.plan = plan;
    this.createdAt = createdAt;
    this.#context = context;
  }

  /**
   * Takes over a task that another agent started; what of it ended meanwhile, and a stop that was under way, take their
   * course from here. @throws Error when what describes it is gone
   */
  static async adopt(plan: TaskPlan, context: TaskContext, former: FormerTask): Promise<Task> {
    const task = new Task(plan, context, former.createdAt);
    const { containers } = plan.taskDefinition;
    // All that may fail comes first.
    const bodies = await Promise.all(
      former.containers.flatMap((one) => {
        const definition = containers.find(({ name }) => name === one.name);
        return definition === undefined
          ? []
          : adoptContainer(definition, one.process, plan, context).then((body) => ({ one, definition, body }));
      }),
    );
    task.pullStartedAt = former.pullStartedAt;
    task.pullStoppedAt = former.pullStoppedAt;
    task.startedAt = former.startedAt;
    task.status = 'RUNNING';
    task.#healthyOnce = former.healthyOnce;
    task.#listening = former.listening;
    task.#hold(NamespaceHolder.adopt(former.holder));
    if (former.sidecar !== undefined) task.#adoptSidecar(former.sidecar);
    for (const { definition, body, one } of bodies) {
      const container = new ContainerProcess(definition, body, context.onChange, one);
      task.containers.set(one.name, container);
      void container.process.exited.then(() => task.#containerExited(container));
    }
    if (former.stop !== undefined) void task.stop(former.stop);
    else if (!former.listening) void task.#awaitTargets();
    return task;
  }

  /** What another agent needs to take it over; undefined before it is RUNNING, and when it is over. */
  get ledger(): FormerTask | undefined {
    const { plan, startedAt, sidecar } = this;
    if (startedAt === undefined || this.#holder === undefined || !RECORDED.has(this.status)) return undefined;
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
      ...{ holder: this.#holder.identity, sidecar: sidecar?.process.identity, containers },
    };
  }

  get wanted(): boolean {
    return this.stopCause === undefined;
  }

  get failed(): boolean {
    return this.stopCause !== undefined && isFailure(this.stopCause);
  }

  /** The process that holds the task's namespaces. */
  get holder(): NamespaceHolder | undefined {
    return this.#holder;
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
    return (
      this.status === 'RUNNING' &&
      [...this.containers.values()].every((one) => !one.definition.essential || one.healthStatus === 'HEALTHY')
    );
  }

  get unhealthy(): boolean {
    return [...this.containers.values()].some((one) => one.definition.essential && one.healthStatus === 'UNHEALTHY');
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
    const { plan } = this;
    // What images and secrets put there is for nobody else on the machine.
    await mkdir(plan.logDirectory, { recursive: true, mode: 0o700 });
    await mkdir(plan.runDirectory, { recursive: true, mode: 0o700 });
    const files = { hosts: plan.hosts, hostname: `${plan.hostname}\n`, 'resolv.conf': '' };
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(this.#file(name), text)));
    this.pullStartedAt = Date.now();
    const { containers } = plan.taskDefinition;
    // Both to their ends, even if one fails: a network that came up after the task was taken away would stay.
    const [parts, network] = await Promise.allSettled([fetchParts(containers, this.#context), this.#openNetwork()]);
    if (network.status === 'rejected') throw network.reason;
    if (parts.status === 'rejected') throw parts.reason;
    this.pullStoppedAt = Date.now();
    this.#become('PENDING');
    await this.#startSidecar();
    const volumes = await makeTaskVolumes(plan, parts.value);
    for (const definition of startOrder(containers)) {
      if (!this.wanted) return;
      await this.#startContainer(definition, parts.value.get(definition.name), volumes);
    }
    // One that ended meanwhile is about to stop the task.
    const ended = [...this.containers.values()].some(
      ({ definition, process }) => definition.essential && !process.running,
    );
    if (!this.wanted || ended) return;
    this.startedAt = Date.now();
    this.#become('RUNNING');
    void this.#awaitTargets();
  }

  async #awaitTargets(): Promise<void> {
    const ports = this.plan.targets.map(({ containerPort }) => containerPort);
    // Who is no target is registered nowhere.
    if (this.#holder === undefined || ports.length === 0) return;
    await listening(this.#holder, ports, this.#stopAsked.signal);
    this.#listening = true;
    this.#context.onChange();
  }

  async #openNetwork(): Promise<void> {
    const { plan } = this;
    const holder = await NamespaceHolder.start([
      { source: this.#file('hosts'), target: '/etc/hosts' },
      { source: this.#file('resolv.conf'), target: '/etc/resolv.conf' },
    ]);
    this.#hold(holder);
    await this.#context.router.attach(holder, [plan.address], plan.gateway);
    if (plan.sidecar !== undefined) {
      await run('nsenter', holder.enter(['iptables-restore', '-w', '5'], false), taskRedirects(plan.sidecar));
    }
  }

  #hold(holder: NamespaceHolder): void {
    this.#holder = holder;
    void holder.exited.then(() => this.#essentialExited('the namespaces of the task'));
  }

  /** The proxy comes first: applications start when their endpoints are there. */
  async #startSidecar(): Promise<void> {
    const { sidecar, address } = this.plan;
    const { rootless, tools } = this.#context;
    if (sidecar === undefined || this.#holder === undefined || !this.wanted) return;
    const resources = sidecarResources(sidecar);
    this.#discovery = new DiscoveryFiles(sidecar.configDirectory);
    await this.#discovery.write(resources);
    this.sidecar = await EnvoyProcess.start(
      this.#holder,
      this.#sidecarFiles(sidecar),
      sidecarBootstrap(sidecar),
      // In a user namespace with one mapped id there is no other user.
      (command) => (rootless ? command : asProxyUser(proxyUserId(address), command, tools)),
    );
    await this.sidecar.ready();
    this.#watchSidecar(this.sidecar);
    void this.#takeUp?.look(resources);
  }

  #adoptSidecar(identity: FormerTask['holder']): void {
    const { sidecar } = this.plan;
    if (sidecar === undefined) return;
    this.#discovery = new DiscoveryFiles(sidecar.configDirectory);
    this.sidecar = EnvoyProcess.adopt(this.#sidecarFiles(sidecar), identity);
    this.#watchSidecar(this.sidecar);
  }

  #sidecarFiles({ adminSocketPath }: Sidecar): EnvoyFiles {
    return {
      binary: this.#context.envoyPath,
      configFile: this.#file('envoy.json'),
      adminSocket: adminSocketPath,
      logFile: containerLog(this.plan, SIDECAR_NAME),
    };
  }

  #watchSidecar(envoy: EnvoyProcess): void {
    this.#takeUp = new TakeUp(envoy, containerLog(this.plan, SIDECAR_NAME), this.#context.onChange);
    void envoy.process.exited.then(() => this.#essentialExited(SIDECAR_NAME));
  }

  async #essentialExited(name: string): Promise<void> {
    if (!this.wanted) return;
    await this.stop({ code: 'EssentialContainerExited', reason: `Essential container in task exited (${name})` });
  }

  /** Lets the proxy take up how its aliases are called now. */
  async refresh(aliases: (known: readonly ClientAlias[]) => readonly ClientAlias[]): Promise<void> {
    const { sidecar } = this.plan;
    if (sidecar === undefined || !this.wanted) return;
    const resources = sidecarResources({ ...sidecar, aliases: aliases(sidecar.aliases) });
    const changed = await this.#discovery?.write(resources).catch((error: unknown) => {
      // The directory of a task that is asked to stop meanwhile goes away.
      if (this.wanted) throw error;
    });
    if (changed === true) void this.#takeUp?.look(resources);
  }

  /** Why its proxy refused what it was given last; it goes on with what it had. */
  get refusal(): string | undefined {
    return this.wanted ? this.#takeUp?.refusal : undefined;
  }

  async #startContainer(
    definition: ContainerDefinition,
    parts: ContainerParts | undefined,
    volumes: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (this.#holder === undefined) return;
    const body = await startContainer(definition, parts, volumes, this.plan, this.#holder, this.#context);
    const container = new ContainerProcess(definition, body, this.#context.onChange);
    this.containers.set(definition.name, container);
    if (body.failure !== undefined && definition.essential) throw new NotStarted(body.failure);
    void container.process.exited.then(() => this.#containerExited(container));
    await this.#dependenciesMet(definition);
  }

  /** Holds the containers after this one back as long as one of them asks for more than START. */
  async #dependenciesMet({ name }: ContainerDefinition): Promise<void> {
    const container = this.containers.get(name);
    if (container === undefined) return;
    const waiting = this.plan.taskDefinition.containers.flatMap((other) =>
      other.dependsOn
        .filter((one) => one.containerName === name)
        .map(({ condition }) => ({ condition, waiter: other.name })),
    );
    for (const { condition, waiter } of waiting) {
      if (condition === 'COMPLETE' || condition === 'SUCCESS') await container.exited(this.#stopAsked.signal);
      if (condition === 'HEALTHY') await container.healthyOrEnded(this.#stopAsked.signal);
      if (!this.wanted) return;
      const failed =
        (condition === 'SUCCESS' && container.process.exit?.code !== 0) ||
        (condition === 'HEALTHY' && container.healthStatus !== 'HEALTHY');
      if (failed)
        throw new Error(
          `container ${waiter} waits for ${condition} of container ${name}, which did not come; ${said(container)}`,
        );
    }
  }

  async #containerExited(container: ContainerProcess): Promise<void> {
    if (!this.wanted || !container.definition.essential) return;
    const { code, signal } = container.process.exit ?? {};
    const how = signal === undefined ? `exit code ${String(code)}` : `signal ${signal}`;
    await this.stop({
      code: 'EssentialContainerExited',
      reason: `Essential container in task exited: ${container.definition.name}, ${how}; ${said(container)}`,
    });
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
    const abrupt = isAbrupt(cause);
    if (wasRunning) await this.#context.withdrawn(this.failed);
    if (wasRunning && !abrupt && !this.failed) await Promise.all([this.#drained(), this.#deregistered()]);
    this.#become('STOPPING');
    await stopInOrder(this.containers, this.plan.taskDefinition.containers, abrupt);
    await this.sidecar?.stop();
    this.#become('DEPROVISIONING');
    this.#holder?.stop();
    await this.#context.router.detach([this.plan.address]);
    await rm(this.plan.runDirectory, { recursive: true, force: true });
    if (this.plan.sidecar !== undefined) await rm(this.plan.sidecar.adminSocketPath, { force: true });
    this.stoppedAt = Date.now();
    this.#become('STOPPED');
  }

  async #drained(): Promise<void> {
    if (this.sidecar !== undefined) await drain(this.sidecar);
  }

  /** A load balancer closes its connections to a target that left, each once it is idle. */
  async #deregistered(): Promise<void> {
    if (this.plan.targets.length === 0 || this.#holder === undefined) return;
    const { balancers, seconds } = await this.#context.deregistration();
    await disconnected(this.#holder, balancers, seconds);
  }

  #become(status: TaskStatus): void {
    // A start that is overtaken by a stop must not bring the task back.
    if (!this.wanted && (status === 'PENDING' || status === 'RUNNING')) return;
    this.status = status;
    this.#context.onChange();
  }

  #file(name: string): string {
    return join(this.plan.runDirectory, name);
  }
}

/** A container whose program never ran. */
class NotStarted extends Error {
  readonly stop: StopCause;

  constructor(stop: StopCause) {
    super(stop.reason);
    this.stop = { code: stop.code, reason: stop.reason };
  }
}

function said(container: ContainerProcess): string {
  const lines = container.lastLines(LAST_LINES);
  return lines.length === 0 ? 'it logged nothing' : `its last log lines: ${lines.join(' | ')}`;
}
