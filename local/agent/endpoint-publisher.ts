/** Writes which task serves where: to the Envoys first, then to Cloud Map. */
import type { CloudMapSync } from './aws/cloud-map-sync.ts';
import type { TargetGroup } from './core/load-balancer.ts';
import type { RegionState } from './core/region-state.ts';
import {
  cloudMapInstances,
  endpointsByEdsName,
  type ServingTask,
  type TrafficByService,
} from './core/topology/endpoints.ts';
import { namespaceOf } from './core/topology/service-connect.ts';
import type { EdsDirectory } from './eds-directory.ts';
import type { Task } from './runtime/task.ts';

export class EndpointPublisher {
  readonly #eds: EdsDirectory;
  readonly #cloudMap: CloudMapSync;
  readonly #onChange: () => void;
  #waiting: (() => void)[] = [];

  constructor(eds: EdsDirectory, cloudMap: CloudMapSync, onChange: () => void) {
    this.#eds = eds;
    this.#cloudMap = cloudMap;
    this.#onChange = onChange;
  }

  /** Lets Cloud Map be compared from the beginning. */
  tellAnew(): void {
    this.#cloudMap.forget();
  }

  /** Makes the files that proxies will ask for before the first of them starts. */
  async prepare(state: RegionState, targetGroups: readonly TargetGroup[]): Promise<void> {
    await this.#eds.ensure(endpointsByEdsName([], state, targetGroups).keys());
  }

  async publish(
    tasks: Iterable<Task>,
    state: RegionState,
    targetGroups: readonly TargetGroup[],
    traffic: TrafficByService,
  ): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    const serving: ServingTask[] = [...tasks].map((task) => ({
      plan: task.plan,
      serving: task.wanted && task.healthy,
      registered: task.wanted && task.status === 'RUNNING' && task.healthyOnce,
    }));
    await this.#eds.write(endpointsByEdsName(serving, state, targetGroups, traffic));
    for (const done of waiting) done();
    const names = state.services.flatMap((service) =>
      service.deployments.flatMap((deployment) => {
        const namespace = namespaceOf(deployment, state.namespaces);
        const entries = namespace === undefined ? [] : (deployment.serviceConnect?.services ?? []);
        return entries.map(({ discoveryName }) => ({ namespaceId: namespace?.id ?? '', discoveryName }));
      }),
    );
    await this.#cloudMap.sync(names, cloudMapInstances(serving, state));
  }

  /** Resolves after the first publication from now on: a task that is no longer wanted is in no list then. */
  published(): Promise<void> {
    this.#onChange();
    return new Promise((done) => {
      this.#waiting.push(done);
    });
  }
}
