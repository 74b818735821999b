/** What the agent sees of the running mesh: seconds for a person who looks, minutes for CloudWatch and for scaling. */
import type { AwsClients } from './aws/clients.ts';
import type { Service } from './core/region-state.ts';
import { targetGroupEdsName } from './core/topology/endpoints.ts';
import type { LoadBalancerController } from './load-balancer-controller.ts';
import { MetricsCollector, type Interval, type WatchedProxy } from './metrics/collector.ts';
import { Minutes, type Directory, type Minute } from './metrics/minutes.ts';
import type { Task } from './runtime/task.ts';

export interface ObserverTools {
  readonly aws: AwsClients;
  readonly services: () => readonly Service[];
  readonly tasks: ReadonlyMap<string, Task>;
  readonly loadBalancers: LoadBalancerController;
  readonly minuteMs: () => number;
  readonly onMinute: (minute: Minute) => void;
  readonly log: (message: string) => void;
}

/** Five minutes of seconds: what a chart shows. */
const INTERVALS_KEPT = 300;

/** The name of a service on the map: its first discovery name, or its own. */
export function mapName(service: Service): string {
  return service.deployments[0]?.serviceConnect?.services[0]?.discoveryName ?? service.name;
}

export class Observer {
  readonly #tools: ObserverTools;
  readonly #minutes: Minutes;
  #intervals: readonly Interval[] = [];

  constructor(tools: ObserverTools) {
    this.#tools = tools;
    const { aws, minuteMs, onMinute, log } = tools;
    this.#minutes = new Minutes(aws.cloudWatch, () => this.#directory(), minuteMs, onMinute, log);
    new MetricsCollector(
      () => this.#proxies(),
      () => tools.tasks.values(),
      (interval) => {
        this.#intervals = [...this.#intervals, interval].slice(-INTERVALS_KEPT);
        this.#minutes.add(interval);
      },
    );
  }

  /** The last seconds, oldest first. */
  get intervals(): readonly Interval[] {
    return this.#intervals;
  }

  #proxies(): WatchedProxy[] {
    const ofTasks = [...this.#tools.tasks.values()].flatMap(({ plan, sidecar }) => {
      if (sidecar?.live !== true) return [];
      const aliases = plan.sidecar?.aliases ?? [];
      const ingress = plan.sidecar?.ingress ?? [];
      return {
        id: plan.id,
        envoy: sidecar,
        caller: mapName(plan.service),
        clusters: new Map(
          aliases.flatMap(({ discoveryName, testHeader }) => [
            [discoveryName, discoveryName] as const,
            ...(testHeader === undefined ? [] : [[`${discoveryName}-test`, discoveryName] as const]),
          ]),
        ),
        ingress: new Map(ingress.map(({ discoveryName }) => [`ingress_${discoveryName}`, discoveryName])),
      };
    });
    const ofBalancers = this.#tools.loadBalancers.envoys().flatMap(({ loadBalancer, envoys }) =>
      [...envoys].map(([zone, envoy]) => ({
        id: `${loadBalancer.name} ${zone}`,
        envoy,
        caller: loadBalancer.name,
        clusters: new Map(loadBalancer.targetGroups.map(({ arn, edsName }) => [edsName, this.#behind(arn)])),
        ingress: new Map<string, string>(),
      })),
    );
    return [...ofTasks, ...ofBalancers];
  }

  /** The service behind a target group. */
  #behind(targetGroupArn: string): string {
    const service = this.#tools
      .services()
      .find(({ loadBalancers }) =>
        loadBalancers.some(
          ({ targetGroupArn: own, shift }) =>
            own === targetGroupArn || shift?.alternateTargetGroupArn === targetGroupArn,
        ),
      );
    return service === undefined ? targetGroupEdsName(targetGroupArn) : mapName(service);
  }

  #directory(): Directory {
    const services = this.#tools.services();
    const tasks = [...this.#tools.tasks.values()];
    const tasksOf = (service: Service): Task[] => tasks.filter(({ plan }) => plan.service.arn === service.arn);
    const health = this.#tools.loadBalancers.targets(tasks);
    return {
      services,
      serverOf: (discoveryName) =>
        services.find(({ deployments }) =>
          deployments.some(({ serviceConnect }) =>
            serviceConnect?.services.some((entry) => entry.discoveryName === discoveryName),
          ),
        ),
      callerOf: (caller) => services.find((service) => mapName(service) === caller),
      taskIdsOf: (service) => tasksOf(service).map(({ plan }) => plan.id),
      countsOf: (service) => {
        const running = tasksOf(service).filter(({ status }) => status === 'RUNNING').length;
        return { desired: service.desiredCount, running, pending: tasksOf(service).length - running };
      },
      targetGroups: this.#tools.loadBalancers.wanted.flatMap(({ loadBalancer }) =>
        loadBalancer.targetGroups.map(({ arn }) => {
          const states = (health.get(arn) ?? []).map(({ state }) => state);
          return {
            caller: loadBalancer.name,
            target: this.#behind(arn),
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
