/** What the agent sees of the running mesh: seconds for a person who looks, minutes for CloudWatch and for scaling. */
import type { AwsClients } from '../aws/clients.ts';
import { oneLine } from '../../region/one-line.ts';
import type { RegionState, Service } from '../core/region-state.ts';
import type { Permission } from '../core/network/security-groups.ts';
import { observedEdges } from '../core/observation/edges.ts';
import { CLUSTERS_PATH, ejectedAddresses } from '../core/observation/ejected.ts';
import type { Observation } from '../../region/observation.ts';
import { SECONDS_KEPT } from '../../region/history.ts';
import { serversOf } from '../core/topology/service-connect.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import type { TargetHealthWatch } from '../load-balancers/target-health-watch.ts';
import type { SideWork } from '../loop/side-work.ts';
import { MetricsCollector, type Interval, type WatchedProxy } from '../metrics/collector.ts';
import { Minutes, type Directory, type Minute } from '../metrics/minutes.ts';
import { observedTask } from './observed-task.ts';
import type { Task } from '../runtime/task.ts';
import type { VpcNetworks } from '../network/vpc-network.ts';

export interface ObserverParts {
  readonly aws: Pick<AwsClients, 'cloudWatch'>;
  readonly state: () => RegionState | undefined;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly loadBalancers: Pick<LoadBalancerController, 'envoys' | 'running' | 'wanted'> & {
    readonly health: Pick<TargetHealthWatch, 'targets'>;
  };
  readonly networks: Pick<VpcNetworks, 'lookAtDenied'>;
  readonly permissions: () => readonly Permission[];
  readonly minuteMs: () => number;
  readonly onMinute: (minute: Minute) => void;
  /** When CloudWatch has the metrics up to a moment. */
  readonly onSent: (at: number) => Promise<void>;
  readonly log: (message: string) => void;
}

export class Observer implements SideWork {
  readonly #parts: ObserverParts;
  readonly #minutes: Minutes;
  readonly #collector: MetricsCollector;
  #intervals: readonly Interval[] = [];
  #denied: Observation['denied'] = [];

  constructor(parts: ObserverParts) {
    this.#parts = parts;
    const { aws, minuteMs, onMinute, onSent, log } = parts;
    this.#minutes = new Minutes(aws.cloudWatch, () => this.#directory(), minuteMs, onMinute, onSent, log);
    this.#collector = new MetricsCollector(
      () => this.#proxies(),
      () => parts.tasks.values(),
      (interval) => {
        this.#intervals = [...this.#intervals, interval].slice(-SECONDS_KEPT);
        this.#minutes.add(interval);
        void this.#lookAtDenied();
      },
    );
  }

  /** Looks at the mesh once a second from now on. */
  start(): void {
    this.#collector.start();
  }

  stop(): void {
    this.#collector.stop();
  }

  /** The last seconds, oldest first. */
  get intervals(): readonly Interval[] {
    return this.#intervals;
  }

  async #lookAtDenied(): Promise<void> {
    const { tasks, loadBalancers, networks } = this.#parts;
    const owners = new Map([
      ...[...tasks.values()].map(({ plan }) => [plan.address, plan.service.arn] as const),
      ...loadBalancers
        .running()
        .flatMap(({ placed, nodes }) => nodes.map(({ address }) => [address, placed.loadBalancer.arn] as const)),
    ]);
    try {
      this.#denied = (await networks.lookAtDenied((address) => owners.get(address)))?.slice();
    } catch (error) {
      this.#parts.log(`dropped connections can't be read: ${oneLine(error)}`);
    }
  }

  /** Everything of this moment. */
  async observe(): Promise<Observation> {
    const { state, tasks, loadBalancers, permissions } = this.#parts;
    const running = loadBalancers.running();
    const health = loadBalancers.health.targets([...tasks.values()]);
    const usage = this.#intervals.at(-1)?.usage;
    return {
      at: Date.now(),
      tasks: [...tasks.values()].map((task) => ({ ...observedTask(task), ...usage?.get(task.plan.id) })),
      loadBalancers: running.map(({ placed: { loadBalancer, internetFacing, securityGroupIds }, nodes }) => ({
        arn: loadBalancer.arn,
        name: loadBalancer.name,
        ...{ internetFacing, nodes: [...nodes], securityGroupIds: [...securityGroupIds] },
        targetGroups: loadBalancer.targetGroups.map(({ arn }) => ({ arn, targets: [...(health.get(arn) ?? [])] })),
      })),
      edges: observedEdges({
        state: state(),
        plans: [...tasks.values()].filter(({ wanted }) => wanted).map(({ plan }) => plan),
        loadBalancers: running.map(({ placed, nodes }) => ({
          loadBalancer: placed.loadBalancer,
          addresses: nodes.map(({ address }) => address),
        })),
        permissions: permissions(),
      }),
      denied: this.#denied,
      ejected: await this.#ejected(),
    };
  }

  /** Which hosts are left out is asked only where a proxy counts one. */
  async #ejected(): Promise<Observation['ejected']> {
    const counting = new Set(
      [...(this.#intervals.at(-1)?.edges ?? [])]
        .filter(([, row]) => [...row.values()].some(({ ejected }) => ejected > 0))
        .map(([caller]) => caller),
    );
    const found = await Promise.all(
      this.#proxies()
        .filter(({ caller }) => counting.has(caller))
        .map(async ({ caller, envoy }) => {
          const answer = await envoy.admin('GET', CLUSTERS_PATH).catch(() => undefined);
          return ejectedAddresses(answer).map((address) => ({ caller, address }));
        }),
    );
    return found.flat();
  }

  #proxies(): WatchedProxy[] {
    const ofTasks = [...this.#parts.tasks.values()].flatMap(({ plan, sidecar }) => {
      if (sidecar?.live !== true) return [];
      const aliases = plan.sidecar?.aliases ?? [];
      const ingress = plan.sidecar?.ingress ?? [];
      return {
        id: plan.id,
        envoy: sidecar,
        caller: plan.service.arn,
        clusters: new Map(
          aliases.flatMap(({ discoveryName, edsName, testHeader }) => [
            [discoveryName, edsName] as const,
            ...(testHeader === undefined ? [] : [[`${discoveryName}-test`, edsName] as const]),
          ]),
        ),
        ingress: new Map(ingress.map(({ discoveryName, edsName }) => [`ingress_${discoveryName}`, edsName])),
      };
    });
    const ofBalancers = this.#parts.loadBalancers.envoys().flatMap(({ loadBalancer, envoys }) =>
      [...envoys].map(([zone, envoy]) => ({
        id: `${loadBalancer.name} ${zone}`,
        envoy,
        caller: loadBalancer.arn,
        clusters: new Map(loadBalancer.targetGroups.map(({ edsName }) => [edsName, edsName])),
        ingress: new Map<string, string>(),
      })),
    );
    return [...ofTasks, ...ofBalancers];
  }

  #directory(): Directory {
    const state = this.#parts.state();
    const services = state?.services ?? [];
    const servers = serversOf(state);
    const tasks = [...this.#parts.tasks.values()];
    const tasksOf = (service: Service): Task[] => tasks.filter(({ plan }) => plan.service.arn === service.arn);
    const health = this.#parts.loadBalancers.health.targets(tasks);
    return {
      services,
      serverOf: (edsName) => servers.get(edsName),
      callerOf: (caller) => services.find(({ arn }) => arn === caller),
      taskIdsOf: (service) => tasksOf(service).map(({ plan }) => plan.id),
      countsOf: (service) => {
        const running = tasksOf(service).filter(({ status }) => status === 'RUNNING').length;
        return { desired: service.desiredCount, running, pending: tasksOf(service).length - running };
      },
      targetGroups: this.#parts.loadBalancers.wanted.flatMap(({ loadBalancer }) =>
        loadBalancer.targetGroups.map(({ arn, edsName }) => {
          const states = (health.get(arn) ?? []).map(({ state }) => state);
          return {
            caller: loadBalancer.arn,
            target: edsName,
            loadBalancer: loadBalancer.arn.split(':loadbalancer/')[1] ?? loadBalancer.name,
            targetGroup: arn.split(':').at(-1) ?? arn,
            healthy: states.filter((state) => state === 'healthy').length,
            unhealthy: states.filter((state) => state === 'unhealthy').length,
          };
        }),
      ),
    };
  }
}
