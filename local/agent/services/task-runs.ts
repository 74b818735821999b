/** Starts the tasks of no service, each once. What becomes of them is told with all the others. */
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import type { FormerTask } from '../core/ledger.ts';
import type { RegionState } from '../core/region-state.ts';
import { nextProviders } from '../core/scheduler/capacity-providers.ts';
import { emptiestZones } from '../core/scheduler/placement.ts';
import { deploymentOfOrder, serviceOfOrder } from '../core/ordered-task.ts';
import type { TaskOrder } from '../core/task-order.ts';
import type { StopCause, TaskPlan } from '../core/task-plan.ts';
import { planTask, subnetIn, zonesOf, type PlannerSettings } from '../core/topology/task-planner.ts';
import { oneLine } from '../../region/one-line.ts';
import type { AddressPool } from '../network/address-pool.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';

export interface TaskRunsParts {
  readonly channel: Pick<ControlPlaneChannel, 'failTask'>;
  readonly addresses: Pick<AddressPool, 'give' | 'take'>;
  readonly planner: PlannerSettings;
  readonly lostZones: () => readonly string[];
  /** Every task that is not STOPPED yet, by id. */
  readonly tasks: ReadonlyMap<string, { readonly plan: TaskPlan }>;
  readonly startTask: (plan: TaskPlan) => void;
  readonly log: (message: string) => void;
}

export class TaskRuns {
  readonly #parts: TaskRunsParts;
  /** Those that this agent has begun with: a state that was read before one ended still has it. */
  readonly #begun = new Set<string>();

  constructor(parts: TaskRunsParts) {
    this.#parts = parts;
  }

  async reconcile(state: RegionState, book: Pick<ComplaintBook, 'each'>): Promise<void> {
    const { taskOrders } = state;
    await book.each(
      'tasks to run',
      taskOrders,
      ({ arn }) => arn,
      (order) => this.#look(order, state),
    );
    const known = new Set(taskOrders.map(({ id }) => id));
    for (const id of this.#begun) if (!known.has(id)) this.#begun.delete(id);
  }

  /** The plan of a task that an agent before this one started. @throws Error when what it needs is gone */
  formerPlan({ id, zone, address, capacityProvider }: FormerTask, state: RegionState): TaskPlan | undefined {
    const order = state.taskOrders.find((one) => one.id === id);
    return order === undefined ? undefined : this.#plan(order, { zone, address, capacityProvider }, state);
  }

  /** A task that could not be started, as there was no network for it. */
  startFailed({ arn }: Pick<TaskPlan, 'arn'>, reason: string): void {
    this.#fail(arn, { code: 'TaskFailedToStart', reason }).catch((error: unknown) => {
      this.#parts.log(`task ${arn} could not start, which nobody could be told: ${oneLine(error)}`);
    });
  }

  async #look(order: TaskOrder, state: RegionState): Promise<void> {
    const { id, arn, wanted, waiting } = order;
    if (this.#parts.tasks.has(id)) this.#begun.add(id);
    if (this.#begun.has(id)) return;
    if (!wanted) await this.#fail(arn, { code: 'UserInitiated', reason: 'Task stopped by user' });
    else if (!waiting)
      await this.#fail(arn, { code: 'TerminationNotice', reason: 'The agent of the local region ended' });
    else await this.#begin(order, state);
    this.#begun.add(id);
  }

  async #begin(order: TaskOrder, state: RegionState): Promise<void> {
    const { addresses, log, startTask } = this.#parts;
    let address: string | undefined;
    try {
      const zone = this.#zone(order, state);
      address = addresses.take(subnetIn(zone, deploymentOfOrder(order), state));
      const capacityProvider = nextProviders(order.capacityProviders, [], order.index + 1).at(-1);
      const plan = this.#plan(order, { zone, address, capacityProvider }, state);
      log(`started task ${order.id} of ${order.group} in ${zone}`);
      startTask(plan);
    } catch (error) {
      if (address !== undefined) addresses.give(address);
      await this.#fail(order.arn, { code: 'TaskFailedToStart', reason: oneLine(error) });
    }
  }

  /** The zone that has the fewest of its group. */
  #zone(order: TaskOrder, state: RegionState): string {
    const lost = this.#parts.lostZones();
    const zones = zonesOf(deploymentOfOrder(order), state).filter((zone) => !lost.includes(zone));
    const beside = [...this.#parts.tasks.values()].filter(({ plan }) => plan.order?.group === order.group);
    const placed = beside.map(({ plan }) => ({ zone: plan.subnet.zone }));
    const [zone] = emptiestZones(zones, placed, 1);
    if (zone === undefined) throw new Error('no zone is left');
    return zone;
  }

  #plan(
    order: TaskOrder,
    where: Pick<Parameters<typeof planTask>[0], 'address' | 'capacityProvider' | 'zone'>,
    state: RegionState,
  ): TaskPlan {
    const task = { id: order.id, service: serviceOfOrder(order), deployment: deploymentOfOrder(order), order };
    const nothing = { aliases: [], targetGroupOf: (): string => '' };
    return planTask({ ...task, ...where, ...nothing }, state, this.#parts.planner);
  }

  async #fail(arn: string, { code, reason }: StopCause): Promise<void> {
    this.#parts.log(`task ${arn} is not started: ${reason}`);
    await this.#parts.channel.failTask(arn, code, reason);
  }
}
