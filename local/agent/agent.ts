/**
 * The reconcile loop: reads the region's state, makes it real, writes back what is. Level-triggered: each pass looks at
 * the whole and does what is missing, so it does not matter which event was lost.
 */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AddressPool } from './address-pool.ts';
import { AliasSnapshots } from './alias-snapshots.ts';
import { awsClients, type AwsClients } from './aws/clients.ts';
import { formerTasksStopped } from './aws/former-tasks.ts';
import { CloudMapSync } from './aws/cloud-map-sync.ts';
import { ControlPlaneChannel } from './aws/control-plane-channel.ts';
import { readRegion, type TaskDefinitionCache } from './aws/read-region.ts';
import type { AgentConfig } from './config.ts';
import type { RegionState } from './core/region-state.ts';
import { cloudMapInstances, endpointsByEdsName, type ServingTask } from './core/topology/endpoints.ts';
import { namespaceOf } from './core/topology/service-connect.ts';
import type { TaskPlan } from './core/task-plan.ts';
import { EdsDirectory } from './eds-directory.ts';
import { imageSource } from './image-source.ts';
import { LoadBalancerController } from './load-balancer-controller.ts';
import type { Tools } from './core/container-command.ts';
import { Task } from './runtime/task.ts';
import { ServiceController } from './service-controller.ts';
import { TaskFiles } from './task-files.ts';
import { taskReport } from './task-report.ts';
import { VpcNetworks } from './vpc-network.ts';

/** How often the control plane is asked whether anything changed: a person does not notice a tenth of a second. */
const POLL_MS = 100;
/** The control plane takes an agent for gone after ten seconds of silence. */
const HEARTBEAT_MS = 1_000;

export class Agent {
  readonly #config: AgentConfig;
  readonly #aws: AwsClients;
  readonly #channel: ControlPlaneChannel;
  readonly #tools: Tools;
  readonly #tasks = new Map<string, Task>();
  readonly #addresses = new AddressPool();
  readonly #networks = new VpcNetworks();
  readonly #eds: EdsDirectory;
  readonly #services: ServiceController;
  readonly #loadBalancers: LoadBalancerController;
  readonly #cloudMap: CloudMapSync;
  readonly #files: TaskFiles;
  readonly #definitions: TaskDefinitionCache = new Map();
  readonly #image: ReturnType<typeof imageSource>;
  readonly #reported = new Map<string, string>();
  /** Tasks whose failure was counted, and tasks that were healthy once. */
  readonly #counted = new Set<string>();
  readonly #healthyOnce = new Set<string>();
  #withdrawals: { taskId: string; done: () => void }[] = [];
  #dirty = true;

  constructor(config: AgentConfig, tools: Tools) {
    this.#config = config;
    this.#tools = tools;
    this.#aws = awsClients(config.endpoint, config.region);
    this.#channel = new ControlPlaneChannel(config.endpoint);
    this.#eds = new EdsDirectory(join(config.stateDirectory, 'run/eds'), config.region);
    this.#files = new TaskFiles(join(config.stateDirectory, 'run/tasks'));
    this.#image = imageSource(config);
    this.#cloudMap = new CloudMapSync(this.#aws.cloudMap);
    const log = (message: string): void => {
      console.log(`${new Date().toISOString()} ${message}`);
    };
    this.#loadBalancers = new LoadBalancerController({
      config,
      elbv2: this.#aws.elbv2,
      channel: this.#channel,
      addresses: this.#addresses,
      networks: this.#networks,
      edsDirectory: this.#eds.path,
      onChange: () => {
        this.#dirty = true;
      },
      log,
    });
    this.#services = new ServiceController({
      channel: this.#channel,
      addresses: this.#addresses,
      aliases: new AliasSnapshots(join(config.stateDirectory, 'run/aliases.json')),
      planner: {
        region: config.region,
        runDirectory: join(config.stateDirectory, 'run/task'),
        logDirectory: join(config.stateDirectory, 'logs/tasks'),
        edsDirectory: this.#eds.path,
        socketDirectory: join(config.stateDirectory, 'run/s'),
      },
      tasks: this.#tasks,
      startTask: (plan) => {
        this.#startTask(plan);
      },
      targetHealth: (task) => this.#loadBalancers.healthOf(task),
      log,
    });
  }

  /** Runs until the process ends. A pass that fails is logged and tried again: the next one sees the whole anew. */
  async run(onReady: () => void): Promise<never> {
    /** Undefined until the first look, -1 when the state has to be read again. */
    let version: number | undefined;
    let state: RegionState | undefined;
    let lastBeat = 0;
    for (let first = true; ; first = false) {
      try {
        if (Date.now() - lastBeat >= HEARTBEAT_MS) {
          await this.#channel.heartbeat();
          lastBeat = Date.now();
          // Timers (retry times, grace periods) have no event of their own.
          this.#dirty = true;
        }
        if (version === undefined) await this.#channel.putTasks(await formerTasksStopped(this.#aws.ecs));
        const now = await this.#channel.version();
        if (now !== version) {
          state = await readRegion(this.#aws, this.#definitions);
          await this.#loadBalancers.read();
          version = now;
          this.#dirty = true;
        }
        if (this.#dirty && state !== undefined) {
          this.#dirty = false;
          await this.#pass(state);
        }
        if (first) onReady();
      } catch (error) {
        console.error(
          `${new Date().toISOString()} a pass failed and is tried again:`,
          error instanceof Error ? error.message : error,
        );
        this.#dirty = true;
        version = -1;
      }
      if (!this.#dirty) await setTimeout(POLL_MS);
      else await setTimeout(POLL_MS / 10);
    }
  }

  async #pass(state: RegionState): Promise<void> {
    this.#stopOnRequest(state);
    await this.#eds.ensure(endpointsByEdsName([], state, this.#loadBalancers.targetGroupArns()).keys());
    await this.#loadBalancers.reconcile(state);
    await this.#services.reconcile(state);
    await this.#networks.enforce(state, this.#interfaces());
    await this.#publishEndpoints(state);
    await this.#reportTasks();
    await this.#loadBalancers.report([...this.#tasks.values()]);
  }

  #startTask(plan: TaskPlan): void {
    const router = this.#networks.router(plan.subnet.vpcId);
    void router.then((ready) => {
      const task = new Task(plan, {
        router: ready,
        envoyPath: this.#config.envoyPath,
        tools: this.#tools,
        rootless: this.#config.rootless,
        image: this.#image,
        onChange: () => {
          this.#dirty = true;
        },
        withdrawn: (taskId) => this.#withdrawn(taskId),
      });
      this.#tasks.set(plan.id, task);
      this.#dirty = true;
      return task.start();
    });
  }

  #stopOnRequest(state: RegionState): void {
    for (const [id, reason] of state.tasksToStop) {
      const task = this.#tasks.get(id);
      if (task?.wanted === true) void task.stop({ code: 'UserInitiated', reason });
    }
  }

  #interfaces() {
    const ofTasks = [...this.#tasks.values()].map(({ plan }) => ({
      address: plan.address,
      securityGroupIds: plan.deployment.securityGroupIds,
      vpcId: plan.subnet.vpcId,
    }));
    return [...ofTasks, ...this.#loadBalancers.interfaces()];
  }

  async #publishEndpoints(state: RegionState): Promise<void> {
    const waiting = this.#withdrawals;
    this.#withdrawals = [];
    const serving: ServingTask[] = [...this.#tasks.values()].map((task) => ({
      plan: task.plan,
      serving: task.wanted && task.healthy,
      registered: task.wanted && task.status === 'RUNNING' && task.healthyOnce,
    }));
    await this.#eds.write(endpointsByEdsName(serving, state, this.#loadBalancers.targetGroupArns()));
    for (const { done } of waiting) done();
    const names = state.services.flatMap((service) =>
      service.deployments.flatMap((deployment) => {
        const namespace = namespaceOf(deployment, state.namespaces);
        const entries = namespace === undefined ? [] : (deployment.serviceConnect?.services ?? []);
        return entries.map(({ discoveryName }) => ({ namespaceId: namespace?.id ?? '', discoveryName }));
      }),
    );
    await this.#cloudMap.sync(names, cloudMapInstances(serving, state));
  }

  /** Resolves after the first pass that has written the endpoints without this task. */
  #withdrawn(taskId: string): Promise<void> {
    this.#dirty = true;
    return new Promise((done) => {
      this.#withdrawals.push({ taskId, done });
    });
  }

  async #reportTasks(): Promise<void> {
    const changed = [];
    for (const [id, task] of this.#tasks) {
      const report = taskReport(task);
      const text = JSON.stringify(report);
      if (this.#reported.get(id) !== text) changed.push(report);
      this.#reported.set(id, text);
      await this.#files.write(task);
      if (task.failed && !this.#counted.has(id)) {
        this.#counted.add(id);
        this.#services.taskFailed(task);
        this.#dirty = true;
      } else if (task.healthy && !this.#healthyOnce.has(id)) {
        this.#healthyOnce.add(id);
        this.#services.taskReady(task);
      }
    }
    if (changed.length > 0) await this.#channel.putTasks(changed);
    for (const [id, task] of this.#tasks) {
      if (task.status !== 'STOPPED') continue;
      this.#tasks.delete(id);
      this.#reported.delete(id);
      this.#counted.delete(id);
      this.#healthyOnce.delete(id);
      this.#addresses.give(task.plan.address);
      this.#dirty = true;
    }
  }
}
