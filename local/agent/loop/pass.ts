/**
 * One pass over the whole region: what is wanted is decided and started, then published to the proxies, then told. Each step
 * goes on after the one before it, whatever became of that; and each thing by itself within a step.
 */
import type { Certificates } from '../certificates/certificates.ts';
import type { OutsideNames } from '../core/names/vpc-zones.ts';
import { outwardClients } from '../core/network/way-out.ts';
import type { TargetGroup } from '../core/load-balancer.ts';
import type { RegionState } from '../core/region-state.ts';
import { currentAliases, tlsNamesOf } from '../core/topology/service-connect.ts';
import type { EndpointPublisher } from '../endpoints/endpoint-publisher.ts';
import type { ListenerRules } from '../load-balancers/listener-rules.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import type { TargetHealthWatch } from '../load-balancers/target-health-watch.ts';
import type { LostConnections } from '../network/lost-connections.ts';
import { apiClients, lostAddresses, type VpcNetworks } from '../network/vpc-network.ts';
import type { VpcResolvers } from '../network/vpc-resolvers.ts';
import type { WaysOut } from '../network/ways-out.ts';
import type { RegistrySync } from '../aws/registry-sync.ts';
import type { FaultController } from '../orders/fault-controller.ts';
import type { OrdersFile } from '../orders/orders-file.ts';
import type { OperatorOrders } from '../../region/orders.ts';
import type { PlacesFile } from '../../region/places.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { TaskReporter } from '../reports/task-reporter.ts';
import type { Task } from '../runtime/task.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import type { ServiceController } from '../services/service-controller.ts';
import type { TaskRuns } from '../services/task-runs.ts';
import type { LedgerFile } from '../take-over/ledger-file.ts';
import type { Changes } from './changes.ts';
import type { Inventory } from './inventory.ts';

/** What of the load balancers a pass has to do with. */
export interface PassLoadBalancers extends Pick<
  LoadBalancerController,
  'names' | 'places' | 'reconcile' | 'targetGroups' | 'tlsNames'
> {
  readonly health: Pick<TargetHealthWatch, 'report'>;
  readonly rules: Pick<ListenerRules, 'shift'>;
}

export interface PassParts {
  readonly book: ComplaintBook;
  readonly changes: Changes;
  readonly orders: Pick<OrdersFile, 'orders'>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly inventory: Pick<Inventory, 'holders' | 'interfaces' | 'ledger' | 'namesInProxies'>;
  readonly certificates: Pick<Certificates, 'forgetOthers' | 'keep'>;
  readonly endpoints: Pick<EndpointPublisher, 'prepare' | 'publish'>;
  readonly loadBalancers: PassLoadBalancers;
  readonly services: Pick<ServiceController, 'reconcile' | 'targetShifts' | 'traffic'>;
  readonly runs: Pick<TaskRuns, 'reconcile'>;
  readonly ledger: Pick<LedgerFile, 'write'>;
  readonly networks: Pick<VpcNetworks, 'enforce' | 'routers'>;
  readonly resolvers: Pick<VpcResolvers, 'keep' | 'see'>;
  /**
   * Lets tasks of a VPC have their metadata, their credentials and AWS's APIs, unless they have. A task is started when they
   * do; one that was taken over from another agent runs already, and has nobody else who tries again.
   */
  readonly openEndpoints: (vpcId: string, router: VpcRouter) => Promise<void>;
  readonly waysOut: Pick<WaysOut, 'keep'>;
  /** What is open by name to those who have a way out. */
  readonly outside: (clients: OutsideNames['clients']) => OutsideNames;
  readonly registries: Pick<RegistrySync, 'sync'>;
  readonly lostConnections: Pick<LostConnections, 'around'>;
  readonly faults: Pick<FaultController, 'apply'>;
  readonly reporter: Pick<TaskReporter, 'report'>;
  readonly places: Pick<PlacesFile, 'write'>;
}

export class Pass {
  readonly #parts: PassParts;
  /** Lost zones that load balancers send nothing to any more. */
  #shiftedAway: readonly string[] = [];

  constructor(parts: PassParts) {
    this.#parts = parts;
  }

  /** @throws RouterLost when nothing that runs has a network any more */
  async run(state: RegionState): Promise<void> {
    const { orders } = this.#parts.orders;
    const targetGroups = this.#parts.loadBalancers.targetGroups();
    await this.#prepare(state, orders, targetGroups);
    await this.#reconcile(state);
    await this.#cutOff(state, orders);
    await this.#publish(state, orders, targetGroups);
    await this.#report(state, orders);
  }

  /** What has to be there before anything new starts. */
  async #prepare(state: RegionState, orders: OperatorOrders, targetGroups: readonly TargetGroup[]): Promise<void> {
    const { book, certificates, endpoints, loadBalancers } = this.#parts;
    this.#stopOnRequest(state);
    this.#parts.resolvers.see(state);
    const names = [...tlsNamesOf(state), ...loadBalancers.tlsNames()];
    await book.each(
      'certificates',
      names,
      ({ serverName }) => `certificate of ${serverName}`,
      (name) => certificates.keep([name], orders.rotateCertificatesBefore),
    );
    certificates.forgetOthers(names);
    await book.step('new endpoints', (complain) => endpoints.prepare(state, targetGroups, complain));
  }

  /** Starts and stops. */
  async #reconcile(state: RegionState): Promise<void> {
    const { book, inventory, ledger, loadBalancers, runs, services } = this.#parts;
    await loadBalancers.reconcile(state, book);
    await services.reconcile(state, book);
    await runs.reconcile(state, book);
    // Before anybody sends requests to what is new in it.
    await book.step('ledger', async () => ledger.write(await inventory.ledger()));
  }

  /** Enforces the security groups, and the loss of zones. */
  async #cutOff(state: RegionState, orders: OperatorOrders): Promise<void> {
    const { book, inventory, lostConnections, networks, waysOut } = this.#parts;
    const cut = this.#cut(orders);
    const interfaces = inventory.interfaces();
    await lostConnections.around(lostAddresses(interfaces, cut), inventory.holders(), book, () =>
      networks.enforce(state, interfaces, cut, book),
    );
    await waysOut.keep(state, await networks.routers(), book);
  }

  /** A zone is cut once the load balancers were told: until then each request that they send there would fail. */
  #cut({ lostZones }: OperatorOrders): string[] {
    return lostZones.filter((zone) => this.#shiftedAway.includes(zone));
  }

  /** Publishes the endpoints to the proxies. */
  async #publish(state: RegionState, orders: OperatorOrders, targetGroups: readonly TargetGroup[]): Promise<void> {
    const { book, changes, endpoints, inventory, services, tasks } = this.#parts;
    await this.#refreshTasks(state);
    await this.#publishNames(state);
    const known = inventory.namesInProxies();
    await book.step('endpoints', (complain) =>
      endpoints.publish(tasks.values(), state, targetGroups, services.traffic(), known, complain),
    );
    const isEachCut = this.#cut(orders).length === orders.lostZones.length;
    this.#shiftedAway = orders.lostZones;
    if (!isEachCut) changes.note();
  }

  /** Before a task that stops learns that nobody is told of it any more. */
  async #publishNames(state: RegionState): Promise<void> {
    const { book, inventory, loadBalancers, networks, openEndpoints, outside, registries, resolvers, tasks } =
      this.#parts;
    const all = [...tasks.values()];
    const interfaces = inventory.interfaces();
    const own = {
      balancers: loadBalancers.names(),
      interfaces,
      outside: outside(outwardClients(apiClients(interfaces), state)),
      wantedTasks: new Set(all.filter(({ wanted }) => wanted).map(({ plan }) => plan.id)),
    };
    const routers = await networks.routers();
    await resolvers.keep(state, own, routers, book);
    await book.each(
      'endpoints of tasks',
      [...routers],
      ([vpcId]) => `endpoints of tasks in ${vpcId}`,
      ([vpcId, router]) => openEndpoints(vpcId, router),
    );
    const registered = all.map((task) => ({
      plan: task.plan,
      there: task.wanted && task.status === 'RUNNING',
      healthy: task.healthy,
    }));
    await book.step('service registries', (complain) => registries.sync(registered, state.names, complain));
  }

  /** Moves the rules of load balancers, and tells the control plane and the command line what is. */
  async #report(state: RegionState, orders: OperatorOrders): Promise<void> {
    const { book, faults, loadBalancers, places, reporter, services, tasks } = this.#parts;
    await loadBalancers.rules.shift(services.targetShifts(state), book);
    await faults.apply(tasks.values(), orders, book);
    await book.step('tasks', () => reporter.report(tasks, book));
    await loadBalancers.health.report([...tasks.values()], book);
    await book.step('file of places', () => places.write(loadBalancers.places()));
  }

  async #refreshTasks(state: RegionState): Promise<void> {
    const serviceOf = ({ plan }: Task): string => plan.service.arn;
    await this.#parts.book.each(
      'proxies of tasks',
      [...this.#parts.tasks.values()],
      serviceOf,
      async (task, complain) => {
        await task.refresh((aliases) => currentAliases(aliases, state));
        const { refusal } = task;
        if (refusal !== undefined)
          complain(serviceOf(task), `Envoy refuses the configuration of the Service Connect proxy: ${refusal}`);
      },
    );
  }

  #stopOnRequest(state: RegionState): void {
    for (const [id, reason] of state.tasksToStop) {
      const task = this.#parts.tasks.get(id);
      if (task?.wanted === true) void task.stop({ code: 'UserInitiated', reason });
    }
  }
}
