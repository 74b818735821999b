/** Runs the service scheduler: turns each step of a rollout into tasks started and stopped, and reports it. */
import { BlueGreenController } from './blue-green-controller.ts';
import type { RuleShift } from '../aws/forward-rule.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { FormerTask } from '../core/ledger.ts';
import type { Complain } from '../../region/complaints.ts';
import type { Deployment, RegionState, Service } from '../core/region-state.ts';
import { nextProviders } from '../core/scheduler/capacity-providers.ts';
import { rolloutStep, type RolloutInput, type RolloutStep } from '../core/scheduler/rollout.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { TrafficByService } from '../core/topology/endpoints.ts';
import { aliasesOf, namespaceOf } from '../core/topology/service-connect.ts';
import { zonesOf } from '../core/topology/task-planner.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import { DeploymentFailures } from './deployment-failures.ts';
import { ServiceEvents } from './service-events.ts';
import { ServiceReports } from './service-reports.ts';
import type { ServiceParts } from './service-parts.ts';
import { TaskLauncher } from './task-launcher.ts';
import { taskView } from './task-view.ts';

export class ServiceController<T extends RunningTask = RunningTask> {
  readonly #parts: ServiceParts<T>;
  readonly #events: ServiceEvents;
  readonly #failures: DeploymentFailures;
  readonly #reports: ServiceReports;
  readonly #blueGreen: BlueGreenController;
  readonly #launcher: TaskLauncher<T>;

  constructor(parts: ServiceParts<T>) {
    this.#parts = parts;
    this.#events = new ServiceEvents(parts);
    this.#reports = new ServiceReports(parts.channel, this.#events);
    this.#failures = new DeploymentFailures(this.#events);
    this.#blueGreen = new BlueGreenController(parts);
    this.#launcher = new TaskLauncher(parts, this.#events, this.#failures, this.#blueGreen);
  }

  /** Lets every service be reported again. */
  resync(): void {
    this.#reports.resync();
  }

  /** The plan of a task that an agent before this one started. @throws Error when what it needs is gone */
  formerPlan(former: FormerTask, state: RegionState): TaskPlan {
    return this.#launcher.formerPlan(former, state);
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
    await this.#events.tellUnread(new Set(state.services.map(({ arn }) => arn)), book);
    this.#forget(state);
  }

  /** Adds a complaint that concerns a service to its events. */
  complainedAbout(serviceArn: string, message: string): void {
    const name = serviceArn.split('/').at(-1) ?? serviceArn;
    this.#events.add({ arn: serviceArn, name }, `(service ${name}) ${message}`);
  }

  /** Adds an event about something that this machine does differently, once and not with each task. */
  note(service: Service, message: string): void {
    this.#events.note(service, message);
  }

  /** Counts a task that could not even be made against its deployment. */
  startFailed(plan: TaskPlan, reason: string): void {
    this.#failures.notPlaced(plan, reason);
  }

  /** Counts a task that ended by itself against its deployment, the first time that it is told. */
  taskFailed(task: RunningTask): void {
    if (task.plan.order !== undefined) return;
    this.#failures.taskFailed(task);
  }

  async #reconcile(service: Service, state: RegionState): Promise<void> {
    const own = [...this.#parts.tasks.values()].filter((task) => task.plan.service.arn === service.arn);
    const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
    // Before anything is started in the place of one that failed: the next start is held back.
    for (const task of own) if (task.failed) this.taskFailed(task);
    const now = Date.now();
    const judged = own.map((task) => ({ task, targets: this.#parts.targetHealth(task) }));
    const tasks = judged.map(({ task, targets }) => taskView(task, targets, now));
    this.#failures.noteProven(tasks, service);
    const step = this.#step({
      service,
      tasks,
      failures: this.#failures.all,
      zones: primary === undefined ? [] : this.#zones(primary, state),
      now,
    });
    for (const { taskId, reason, failed } of step.stop) {
      const task = this.#parts.tasks.get(taskId);
      void task?.stop({ code: 'ServiceSchedulerInitiated', reason });
      if (failed && task !== undefined) this.taskFailed(task);
      const told = judged.find(({ task: { plan } }) => plan.id === taskId)?.targets;
      if (told?.event !== undefined && reason === told.unhealthy)
        this.#events.add(service, `(service ${service.name}) ${told.event}`);
    }
    const [first] = step.start;
    const beside = own.filter(({ wanted, plan }) => wanted && plan.deployment.id === first?.deployment.id);
    const running = beside.map(({ plan }) => plan.capacityProvider);
    const providers = nextProviders(service.capacityProviders, running, step.start.length);
    for (const [index, { deployment, zone }] of step.start.entries())
      this.#launcher.launch({ service, deployment, zone, capacityProvider: providers[index] }, state);
    const remaining = own.filter((task) => task.status !== 'STOPPED').length;
    await this.#reports.put(service, step, this.#blueGreen.report(service), remaining);
    if (step.rollBackTo !== undefined) {
      this.#parts.log(
        `service ${service.name}: ${step.rollBackTo.reason}; rolling back to ${step.rollBackTo.deploymentId}`,
      );
      await this.#parts.channel.startDeployment(service.arn, step.rollBackTo.deploymentId, step.rollBackTo.reason);
    }
  }

  #step(input: RolloutInput): RolloutStep {
    return input.service.blueGreen === undefined ? rolloutStep(input) : this.#blueGreen.step(input);
  }

  #zones(deployment: Deployment, state: RegionState): string[] {
    const lost = this.#parts.lostZones();
    return zonesOf(deployment, state).filter((zone) => !lost.includes(zone));
  }

  #snapshotAliases(service: Service, state: RegionState): void {
    for (const deployment of service.deployments) {
      const namespace = namespaceOf(deployment, state.namespaces);
      if (namespace !== undefined) this.#parts.aliases.keep(deployment.id, () => aliasesOf(namespace, state));
    }
  }

  #forget(state: RegionState): void {
    const services = new Set(state.services.map((service) => service.arn));
    for (const task of this.#parts.tasks.values()) {
      if (task.plan.order !== undefined || services.has(task.plan.service.arn)) continue;
      void task.stop({
        code: 'ServiceSchedulerInitiated',
        reason: `(service ${task.plan.service.name}) no longer exists`,
      });
    }
    const ofTasks = [...this.#parts.tasks.values()].map(({ plan }) => plan.deployment.id);
    const known = state.services.flatMap(({ deployments }) => deployments.map(({ id }) => id));
    const deployments = new Set([...known, ...ofTasks]);
    this.#events.keepOnly(services);
    this.#reports.keepOnly(services);
    this.#failures.keepOnly(this.#parts.tasks, deployments);
    this.#parts.aliases.keepOnly(deployments);
    this.#blueGreen.forget(services, deployments);
  }
}
