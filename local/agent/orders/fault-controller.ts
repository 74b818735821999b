/** Brings the faults about that a person asked for: in the proxies of running tasks, and by the loss of a zone. */
import type { OperatorOrders } from '../../region/orders.ts';
import { ejectionRuntime, faultOf, faultRuntime } from '../core/envoy/faults.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { RunningTask } from '../runtime/running-task.ts';

/**
 * How long a lost zone's tasks count as running, and are endpoints of Service Connect: ECS needs a while to notice, too. Long
 * enough to see what proxies do by themselves until then, short enough to watch. Load balancers know at once.
 */
const ZONE_LOSS_NOTICED_MS = 3_000;

export class FaultController {
  readonly #applied = new WeakMap<RunningTask, string>();
  /** Epoch milliseconds at which each zone was lost. */
  readonly #lostAt = new Map<string, number>();

  async apply(tasks: Iterable<RunningTask>, orders: OperatorOrders, book: ComplaintBook): Promise<void> {
    this.#noteZones(orders.lostZones);
    const act = async (task: RunningTask): Promise<void> => {
      const since = this.#lostAt.get(task.plan.subnet.zone);
      if (since !== undefined && Date.now() - since >= ZONE_LOSS_NOTICED_MS) {
        const reason = `Availability Zone ${task.plan.subnet.zone} was lost`;
        void task.stop({ code: 'TerminationNotice', reason });
      }
      await this.#set(task, orders);
    };
    await book.each('faults', tasks, ({ plan }) => plan.arn, act);
  }

  #noteZones(lost: readonly string[]): void {
    for (const zone of lost) if (!this.#lostAt.has(zone)) this.#lostAt.set(zone, Date.now());
    for (const zone of this.#lostAt.keys()) if (!lost.includes(zone)) this.#lostAt.delete(zone);
  }

  async #set(task: RunningTask, orders: OperatorOrders): Promise<void> {
    const { sidecar, plan } = task;
    if (sidecar?.live !== true) return;
    const names = [
      plan.id,
      plan.service.name,
      ...(plan.sidecar?.ingress ?? []).map(({ discoveryName }) => discoveryName),
    ];
    const runtime = { ...faultRuntime(faultOf(orders, names)), ...ejectionRuntime(orders) };
    const wanted = JSON.stringify(runtime);
    const before = this.#applied.get(task);
    // A proxy that was never told anything is at rest.
    const atRest = before === undefined && !sidecar.adopted && Object.values(runtime).every((value) => value === '');
    if (before === wanted || atRest) return;
    await sidecar.setRuntime(runtime);
    this.#applied.set(task, wanted);
  }
}
