/** Runs the service scheduler: turns each step of a rollout into tasks started and stopped, and reports it. */
import { randomBytes } from 'node:crypto';
import type { AddressPool } from '../network/address-pool.ts';
import type { AliasSnapshots } from '../endpoints/alias-snapshots.ts';
import { BlueGreenController } from './blue-green-controller.ts';
import type { RuleShift } from '../aws/forward-rule.ts';
import type { ControlPlaneChannel, ServiceReport } from '../aws/control-plane-channel.ts';
import { isControlPlaneGone } from '../aws/control-plane-gone.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { FormerTask } from '../core/ledger.ts';
import type { Complain } from '../../region/complaints.ts';
import type { Deployment, RegionState, Service } from '../core/region-state.ts';
import {
  afterFailure,
  NO_FAILURES,
  throttleNotice,
  type DeploymentFailures,
} from '../core/scheduler/circuit-breaker.ts';
import { nextProviders } from '../core/scheduler/capacity-providers.ts';
import type { TaskView } from '../core/scheduler/scheduled-task.ts';
import { rolloutStep, type RolloutInput, type RolloutStep } from '../core/scheduler/rollout.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { TrafficByService } from '../core/topology/endpoints.ts';
import { aliasesOf, namespaceOf } from '../core/topology/service-connect.ts';
import { planTask, subnetIn, zonesOf, type NewTask, type PlannerSettings } from '../core/topology/task-planner.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import type { TargetStanding } from '../load-balancers/target-health.ts';
import { taskView } from './task-view.ts';

/** `T` is what its agent has of a task. */
export interface ServiceTools<T extends RunningTask = RunningTask> {
  readonly channel: Pick<ControlPlaneChannel, 'putServiceState' | 'putServiceEvents' | 'startDeployment' | 'underWay'>;
  readonly addresses: AddressPool;
  readonly aliases: AliasSnapshots;
  readonly planner: PlannerSettings;
  /** Zones in which nothing can be started. */
  readonly lostZones: () => readonly string[];
  /** Every task that is not STOPPED yet, by id. */
  readonly tasks: ReadonlyMap<string, T>;
  readonly startTask: (plan: TaskPlan) => void;
  readonly targetHealth: (task: T) => TargetStanding;
  /** The target group that a listener rule forwards to. */
  readonly forwardedTo: (ruleArn: string) => string | undefined;
  readonly minuteMs: () => number;
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}

/** "Only the 100 most recent events": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html */
const EVENTS_KEPT = 100;

export class ServiceController<T extends RunningTask = RunningTask> {
  readonly #tools: ServiceTools<T>;
  readonly #failures = new Map<string, DeploymentFailures>();
  /** Tasks that ended a row of failures, and those that were counted in one: each does so once. */
  readonly #proven = new Set<string>();
  readonly #counted = new Set<string>();
  readonly #reported = new Map<string, string>();
  readonly #events = new Map<string, { createdAt: number; message: string }[]>();
  readonly #noted = new Map<string, Set<string>>();
  readonly #blueGreen: BlueGreenController;

  constructor(tools: ServiceTools<T>) {
    this.#tools = tools;
    this.#blueGreen = new BlueGreenController(tools);
  }

  /** Lets every service be reported again. */
  resync(): void {
    this.#reported.clear();
  }

  /** The plan of a task that an agent before this one started. @throws Error when what it needs is gone */
  formerPlan(former: FormerTask, state: RegionState): TaskPlan {
    const service = state.services.find(({ arn }) => arn === former.serviceArn);
    const deployment = service?.deployments.find(({ id }) => id === former.deploymentId);
    if (service === undefined || deployment === undefined) throw new Error('its service or its deployment is gone');
    const { id, zone, address, capacityProvider, targets } = former;
    const { aliases, planner } = this.#tools;
    const task = { id, zone, address, capacityProvider, service, deployment, aliases: aliases.of(deployment.id) };
    return { ...planTask({ ...task, targetGroupOf: (one) => one.targetGroupArn }, state, planner), targets };
  }

  /** After a task of an agent before this one was taken over. */
  adopted(plan: TaskPlan): void {
    this.#blueGreen.adopted(plan);
  }

  traffic(): TrafficByService {
    return this.#blueGreen.traffic();
  }

  targetShifts(state: RegionState): RuleShift[] {
    return this.#blueGreen.targetShifts(state);
  }

  async readUnderWay(complain: Complain): Promise<void> {
    await this.#blueGreen.readUnderWay(complain);
  }

  async reconcile(state: RegionState, book: ComplaintBook): Promise<void> {
    const act = async (service: Service): Promise<void> => {
      this.#snapshotAliases(service, state);
      await this.#reconcile(service, state);
    };
    await book.each('services', state.services, ({ arn }) => arn, act);
    await this.#tellUnread(state, book);
    this.#forget(state);
  }

  /** Tells of a complaint that concerns a service, in its events. */
  complainedAbout(serviceArn: string, message: string): void {
    const name = serviceArn.split('/').at(-1) ?? serviceArn;
    this.#event({ arn: serviceArn, name }, `(service ${name}) ${message}`);
  }

  /** An event of the service for something that is different on this machine; told once, not with each task. */
  note(service: Service, message: string): void {
    const noted = this.#noted.get(service.arn) ?? new Set();
    if (noted.has(message)) return;
    this.#noted.set(service.arn, noted.add(message));
    this.#event(service, `(service ${service.name}) ${message}`);
  }

  /** Counts a task that could not even be made against its deployment. */
  startFailed({ service, deployment }: TaskPlan, reason: string): void {
    this.#event(service, `(service ${service.name}) was unable to place a task: ${reason}`);
    this.#countFailure(service, deployment, reason);
  }

  /** A service that can't be read has no deployment here that could be reported, but events. */
  async #tellUnread(state: RegionState, book: ComplaintBook): Promise<void> {
    const read = new Set(state.services.map(({ arn }) => arn));
    const unread = [...this.#events].filter(([arn]) => !read.has(arn));
    const act = async ([arn, events]: (typeof unread)[number]): Promise<void> => {
      await this.#tools.channel.putServiceEvents(arn, events).catch((error: unknown) => {
        // One that is deleted wants no events.
        if (isControlPlaneGone(error)) throw error;
      });
      this.#events.delete(arn);
    };
    await book.each('events of services', unread, ([arn]) => arn, act);
  }

  /** Counts a task that ended by itself against its deployment, the first time that it is told. */
  taskFailed(task: RunningTask): void {
    if (this.#counted.has(task.plan.id)) return;
    this.#counted.add(task.plan.id);
    const { service, deployment } = task.plan;
    const reason = `(task ${task.plan.id.slice(0, 12)}) ${task.stopCause?.reason ?? 'stopped'}`;
    this.#event(service, reason);
    this.#countFailure(service, deployment, reason);
  }

  #countFailure(service: Service, { id }: Deployment, reason: string): void {
    const now = Date.now();
    const failures = afterFailure(this.#failures.get(id) ?? NO_FAILURES, reason, now);
    this.#failures.set(id, failures);
    const notice = throttleNotice(service, failures, now);
    if (notice !== undefined) this.#event(service, notice);
  }

  /** `resetOnHealthyTask`: a task that has proven itself ends the row of failures. */
  #noteProven(tasks: readonly TaskView[], { circuitBreaker: { resetOnHealthyTask = true } }: Service): void {
    for (const { id, deploymentId, steady } of tasks) {
      if (!steady || this.#proven.has(id)) continue;
      this.#proven.add(id);
      if (resetOnHealthyTask) this.#failures.delete(deploymentId);
    }
  }

  async #reconcile(service: Service, state: RegionState): Promise<void> {
    const own = [...this.#tools.tasks.values()].filter((task) => task.plan.service.arn === service.arn);
    const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
    // Before anything is started in the place of one that failed: the next start is held back.
    for (const task of own) if (task.failed) this.taskFailed(task);
    const now = Date.now();
    const tasks = own.map((task) => taskView(task, this.#tools.targetHealth(task), now));
    this.#noteProven(tasks, service);
    const step = this.#step({
      service,
      tasks,
      failures: this.#failures,
      zones: primary === undefined ? [] : this.#zones(primary, state),
      now,
    });
    for (const { taskId, reason, failed } of step.stop) {
      const task = this.#tools.tasks.get(taskId);
      void task?.stop({ code: 'ServiceSchedulerInitiated', reason });
      if (failed && task !== undefined) this.taskFailed(task);
    }
    const [first] = step.start;
    const beside = own.filter(({ wanted, plan }) => wanted && plan.deployment.id === first?.deployment.id);
    const running = beside.map(({ plan }) => plan.capacityProvider);
    const providers = nextProviders(service.capacityProviders, running, step.start.length);
    for (const [index, { deployment, zone }] of step.start.entries())
      this.#start({ service, deployment, zone, capacityProvider: providers[index] }, state);
    this.#noteEnd(service, step);
    await this.#report(service, step, own.filter((task) => task.status !== 'STOPPED').length);
    if (step.rollBackTo !== undefined) {
      this.#tools.log(
        `service ${service.name}: ${step.rollBackTo.reason}; rolling back to ${step.rollBackTo.deploymentId}`,
      );
      await this.#tools.channel.startDeployment(service.arn, step.rollBackTo.deploymentId, step.rollBackTo.reason);
    }
  }

  #step(input: RolloutInput): RolloutStep {
    return input.service.blueGreen === undefined ? rolloutStep(input) : this.#blueGreen.step(input);
  }

  #zones(deployment: Deployment, state: RegionState): string[] {
    const lost = this.#tools.lostZones();
    return zonesOf(deployment, state).filter((zone) => !lost.includes(zone));
  }

  #start(start: Pick<NewTask, 'service' | 'deployment' | 'zone' | 'capacityProvider'>, state: RegionState): void {
    const { service, deployment, zone } = start;
    const id = randomBytes(16).toString('hex');
    let address: string | undefined;
    try {
      address = this.#tools.addresses.take(subnetIn(zone, deployment, state));
      const plan = planTask(
        {
          ...start,
          id,
          address,
          aliases: this.#tools.aliases.of(deployment.id),
          targetGroupOf: (one) => this.#blueGreen.targetGroupOf(one, deployment.id, service),
        },
        state,
        this.#tools.planner,
      );
      const on = start.capacityProvider === undefined ? '' : ` on ${start.capacityProvider}`;
      this.#event(service, `started task ${id} in ${zone}${on}`);
      this.#tools.startTask(plan);
    } catch (error) {
      // Nothing about it gets better by trying again soon; the circuit breaker ends it.
      if (address !== undefined) this.#tools.addresses.give(address);
      const reason = error instanceof Error ? error.message : String(error);
      this.#event(service, `(service ${service.name}) was unable to place a task: ${reason}`);
      this.#countFailure(service, deployment, reason);
    }
  }

  /** Says once that a rollout came to its end. */
  #noteEnd(service: Service, step: RolloutStep): void {
    const before = service.deployments.find((deployment) => deployment.status === 'PRIMARY')?.rolloutState;
    const after = step.deployments.find((deployment) => deployment.status === 'PRIMARY')?.rolloutState;
    if (before === 'IN_PROGRESS' && after === 'COMPLETED')
      this.#event(service, 'all ready: has reached a steady state.');
  }

  async #report(service: Service, step: RolloutStep, remaining: number): Promise<void> {
    const count = (field: 'runningCount' | 'pendingCount') =>
      step.deployments.reduce((sum, deployment) => sum + deployment[field], 0);
    const events = this.#events.get(service.arn) ?? [];
    const report: ServiceReport = {
      serviceArn: service.arn,
      deployments: step.deployments,
      // A service that is being deleted is gone when its last task is.
      runningCount: service.status === 'DRAINING' ? remaining : count('runningCount'),
      pendingCount: count('pendingCount'),
      lifecycle: this.#blueGreen.report(service),
      events,
    };
    const text = JSON.stringify(report);
    if (text === this.#reported.get(service.arn) && events.length === 0) return;
    await this.#tools.channel.putServiceState(report);
    this.#reported.set(service.arn, text);
    this.#events.delete(service.arn);
  }

  #snapshotAliases(service: Service, state: RegionState): void {
    for (const deployment of service.deployments) {
      const namespace = namespaceOf(deployment, state.namespaces);
      if (namespace !== undefined) this.#tools.aliases.keep(deployment.id, () => aliasesOf(namespace, state));
    }
  }

  #event(service: Pick<Service, 'arn' | 'name'>, message: string): void {
    this.#tools.log(`service ${service.name}: ${message}`);
    const events = [...(this.#events.get(service.arn) ?? []), { createdAt: Date.now() / 1000, message }];
    // While the control plane is gone nobody takes them; it keeps the last hundred, as ECS does.
    this.#events.set(service.arn, events.slice(-EVENTS_KEPT));
  }

  #forget(state: RegionState): void {
    const services = new Set(state.services.map((service) => service.arn));
    for (const task of this.#tools.tasks.values()) {
      if (services.has(task.plan.service.arn)) continue;
      void task.stop({
        code: 'ServiceSchedulerInitiated',
        reason: `(service ${task.plan.service.name}) no longer exists`,
      });
    }
    for (const memory of [this.#proven, this.#counted])
      for (const id of memory) if (!this.#tools.tasks.has(id)) memory.delete(id);
    for (const arn of this.#reported.keys()) if (!services.has(arn)) this.#reported.delete(arn);
    for (const arn of this.#noted.keys()) if (!services.has(arn)) this.#noted.delete(arn);
    const ofTasks = [...this.#tools.tasks.values()].map(({ plan }) => plan.deployment.id);
    const known = state.services.flatMap(({ deployments }) => deployments.map(({ id }) => id));
    const deployments = new Set([...known, ...ofTasks]);
    for (const id of this.#failures.keys()) if (!deployments.has(id)) this.#failures.delete(id);
    this.#tools.aliases.keepOnly(deployments);
    this.#blueGreen.forget(services, deployments);
  }
}
