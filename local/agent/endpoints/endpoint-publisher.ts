/** Writes which task serves where: to the Envoys first, then to Cloud Map. */
import type { CloudMapSync } from '../aws/cloud-map-sync.ts';
import type { TargetGroup } from '../core/load-balancer.ts';
import type { Backend } from '../core/mesh.ts';
import type { RegionState } from '../core/region-state.ts';
import {
  cloudMapInstances,
  endpointsByEdsName,
  targetGroupEdsName,
  type ServingTask,
  type TrafficByService,
} from '../core/topology/endpoints.ts';
import { namespaceOf } from '../core/topology/service-connect.ts';
import { testEdsName, zoneEdsName } from '../core/eds-names.ts';
import type { Complain } from '../../region/complaints.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { EdsDirectory } from './eds-directory.ts';
import type { Task } from '../runtime/task.ts';

/** Somebody who waits until these names were published. */
interface Waiting {
  readonly names: readonly string[];
  readonly done: () => void;
}

/** The lists that a task may be in. */
function namesOf({ sidecar, targets, subnet }: TaskPlan): string[] {
  const served = (sidecar?.ingress ?? []).flatMap(({ edsName }) => [edsName, testEdsName(edsName)]);
  const own = sidecar === undefined ? [] : [sidecar.localEdsName];
  const groups = targets.map(({ targetGroupArn }) => targetGroupEdsName(targetGroupArn));
  return [...served, ...own, ...groups.flatMap((name) => [name, zoneEdsName(name, subnet.zone)])];
}

export class EndpointPublisher {
  readonly #eds: EdsDirectory;
  readonly #cloudMap: Pick<CloudMapSync, 'forget' | 'sync'>;
  readonly #lostZones: () => readonly string[];
  readonly #onChange: () => void;
  #waiting: readonly Waiting[] = [];
  /** The endpoints as they were published last. */
  #published: ReadonlyMap<string, readonly Backend[]> = new Map();
  /** One write after the other: two of one file would be in each other's way. */
  #writing: Promise<unknown> = Promise.resolve();

  /**
   * @param lostZones whose targets get no requests from the moment on in which the zone is lost, as after a zonal shift:
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/zonal-shift.html
   */
  constructor(
    eds: EdsDirectory,
    cloudMap: Pick<CloudMapSync, 'forget' | 'sync'>,
    lostZones: () => readonly string[],
    onChange: () => void,
  ) {
    this.#eds = eds;
    this.#cloudMap = cloudMap;
    this.#lostZones = lostZones;
    this.#onChange = onChange;
  }

  /** Lets Cloud Map be compared from the beginning. */
  resync(): void {
    this.#cloudMap.forget();
  }

  /** Makes the files that proxies will ask for before the first of them starts. */
  async prepare(state: RegionState, targetGroups: readonly TargetGroup[], complain: Complain): Promise<void> {
    await this.#eds.ensure(endpointsByEdsName([], state, targetGroups).keys(), complain);
  }

  /** @param known names that proxies have besides those in use: they want a file, though nobody serves there */
  async publish(
    tasks: Iterable<Task>,
    state: RegionState,
    targetGroups: readonly TargetGroup[],
    traffic: TrafficByService,
    known: Iterable<string>,
    complain: Complain,
  ): Promise<void> {
    const waiting = this.#waiting;
    const lost = this.#lostZones();
    const serving: ServingTask[] = [...tasks].map((task) => ({
      plan: task.plan,
      serving: task.wanted && task.healthy,
      registered: task.wanted && task.status === 'RUNNING' && task.healthyOnce,
      shiftedAway: lost.includes(task.plan.subnet.zone),
    }));
    const endpoints = endpointsByEdsName(serving, state, targetGroups, traffic, lost);
    const failed = await this.#inTurn(() => {
      this.#published = endpoints;
      return this.#eds.write(endpoints, complain, { whole: true });
    });
    await this.#eds.keepOnly(new Set([...endpoints.keys(), ...known]));
    const done = new Set(waiting.filter(({ names: own }) => !own.some((name) => failed.has(name))));
    // A task that came meanwhile, or is in a list that could not be written, waits for the next time.
    this.#waiting = this.#waiting.filter((one) => !done.has(one));
    for (const one of done) one.done();
    const names = state.services.flatMap((service) =>
      service.deployments.flatMap((deployment) => {
        const namespace = namespaceOf(deployment, state.namespaces);
        const entries = namespace === undefined ? [] : (deployment.serviceConnect?.services ?? []);
        return entries.map(({ discoveryName }) => ({ namespaceId: namespace?.id ?? '', discoveryName }));
      }),
    );
    await this.#cloudMap.sync(names, cloudMapInstances(serving, state), complain);
  }

  /** Resolves after the first publication from now on: a task that is no longer wanted is in no list then. */
  published(plan: TaskPlan, dead = false): Promise<void> {
    this.#onChange();
    if (dead) void this.#withdraw(plan);
    return new Promise((done) => {
      this.#waiting = [...this.#waiting, { names: namesOf(plan), done }];
    });
  }

  /** Takes a task out of its lists before the next pass: a load balancer passes on the 503 of one whose application is dead. */
  #withdraw(plan: TaskPlan): Promise<unknown> {
    return this.#inTurn(async () => {
      const without = namesOf(plan).flatMap((name) => {
        const backends = this.#published.get(name);
        return backends === undefined
          ? []
          : [[name, backends.filter(({ address }) => address !== plan.address)] as const];
      });
      this.#published = new Map([...this.#published, ...without]);
      // What can't be written is complained about when everything is published.
      return this.#eds.write(new Map(without), () => undefined);
    });
  }

  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(write);
    this.#writing = done.catch(() => undefined);
    return done;
  }
}
