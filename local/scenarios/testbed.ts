/** Where scenarios play: the running region, and the testbed's services in it. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateServiceCommand, type DeploymentConfiguration, type ECSClient } from '@aws-sdk/client-ecs';
import pWaitFor from 'p-wait-for';
import { noteCdk } from '../deploy/deploy-steps.ts';
import { Cdk } from '../deploy/cdk.ts';
import { ecsClient, findService, tasksOf } from '../region/ecs.ts';
import { RUN } from '../region/paths.ts';
import { changeOrders, clearOrders } from '../region/orders.ts';
import { requireRegion } from '../region/region-file.ts';
import type { TaskFile } from '../region/tasks.ts';
import { synthTestbed, type TestbedService } from './testbed-stack.ts';
import { Callers } from './callers.ts';

/** The cloud assembly of the testbed. */
const DIRECTORY = join(RUN, 'testbed');

export class Testbed extends Callers {
  readonly ecs: ECSClient;
  readonly #image: string;
  readonly #cdk = new Cdk(noteCdk);
  #deployed = '';

  constructor(image: string) {
    super();
    this.#image = image;
    this.ecs = ecsClient(requireRegion());
  }

  /** Deploys the testbed's services as they are wanted, by CDK. */
  async deploy(services: readonly TestbedService[]): Promise<void> {
    const wanted = JSON.stringify(services);
    if (wanted === this.#deployed) return;
    mkdirSync(DIRECTORY, { recursive: true });
    await this.#cdk.deploy('testbed', synthTestbed(services, this.#image, DIRECTORY));
    // Complete are the new tasks; the old ones are on their way out.
    await Promise.all(services.map(({ name, count }) => this.steady(name, count)));
    this.#deployed = wanted;
  }

  /** Takes the testbed away. */
  async clear(): Promise<void> {
    if (existsSync(DIRECTORY)) await this.#cdk.destroy(DIRECTORY);
    this.#deployed = '';
  }

  /** Holds every request to a service back while something is done. */
  async whileSlow<T>(name: string, milliseconds: number, work: () => Promise<T>): Promise<T> {
    const delay = { milliseconds, percent: 100 };
    let done: T;
    try {
      await changeOrders((orders) => ({ ...orders, faults: { [name]: { abort: undefined, delay } } }));
      await this.untilRuntime(`${name} is slow`, this.tasks(name), milliseconds);
      done = await work();
    } finally {
      await clearOrders();
    }
    // The next scenario that slows it down would mistake what is still there for its own order.
    await this.untilRuntime(`${name} is no longer slow`, this.tasks(name), milliseconds, false);
    return done;
  }

  /** Waits until the proxies of these tasks have taken up an order with this value, or have none of it any more. */
  async untilRuntime(what: string, tasks: readonly TaskFile[], value: number, there = true): Promise<void> {
    await this.until(what, async () => {
      const runtimes = await Promise.all(tasks.map((task) => this.proxy(task, '/runtime')));
      return runtimes.every((runtime) => runtime.includes(`"${String(value)}"`) === there);
    });
  }

  /** The agent's process, as the machine sees it. */
  get agent(): number {
    const { agentPid } = requireRegion();
    if (agentPid === undefined) throw new Error('there is no agent');
    return agentPid;
  }

  /** Something that happens before the agent can know of it. */
  async unnoticed(work: () => Promise<void>): Promise<void> {
    const { agent } = this;
    process.kill(agent, 'SIGSTOP');
    try {
      await work();
    } finally {
      process.kill(agent, 'SIGCONT');
    }
  }

  async scale(name: string, count: number): Promise<void> {
    const { clusterArn: cluster, serviceArn: service } = await findService(this.ecs, this.serviceName(name));
    await this.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
    await this.steady(name, count);
  }

  async configure(name: string, deploymentConfiguration: DeploymentConfiguration): Promise<void> {
    const { clusterArn: cluster, serviceArn: service } = await findService(this.ecs, this.serviceName(name));
    await this.ecs.send(new UpdateServiceCommand({ cluster, service, deploymentConfiguration }));
  }

  async forceNewDeployment(name: string, deploymentConfiguration?: DeploymentConfiguration): Promise<void> {
    const { clusterArn: cluster, serviceArn: service } = await findService(this.ecs, this.serviceName(name));
    await this.ecs.send(
      new UpdateServiceCommand({ cluster, service, forceNewDeployment: true, deploymentConfiguration }),
    );
    await this.until(`the new deployment of ${name} is complete`, async () => {
      const { deployments = [] } = await findService(this.ecs, this.serviceName(name));
      return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
    });
    // Here too the old tasks are on their way out.
    await this.steady(name, (await findService(this.ecs, this.serviceName(name))).desiredCount ?? 0);
  }

  /** Waits until a service has this many tasks that serve, and no others. */
  async steady(name: string, count: number): Promise<void> {
    await this.until(`${name} has ${String(count)} tasks`, async () => {
      const service = await findService(this.ecs, this.serviceName(name));
      if (service.runningCount !== count || service.pendingCount !== 0 || this.tasks(name).length !== count)
        return false;
      // Running is not serving: a proxy gets a task as an endpoint when it is healthy. All of the testbed have a check.
      return (await tasksOf(this.ecs, service)).every(({ healthStatus }) => healthStatus === 'HEALTHY');
    });
  }

  /** Bounded waiting for something that the region brings about by itself. */
  async until(what: string, holds: () => Promise<boolean> | boolean, seconds = 60): Promise<void> {
    // What can't be asked does not hold yet.
    const asked = async (): Promise<boolean> => Promise.resolve(holds()).catch(() => false);
    const message = new Error(`it did not come true in ${String(seconds)} s that ${what}`);
    await pWaitFor(asked, { interval: 100, timeout: { milliseconds: seconds * 1000, message } });
  }
}
