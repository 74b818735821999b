/** Registers tasks with Cloud Map, as ECS does by the service registry of a service. */
import {
  DeregisterInstanceCommand,
  RegisterInstanceCommand,
  UpdateInstanceCustomHealthStatusCommand,
  type ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import type { Complain } from '../../region/complaints.ts';
import { oneLine } from '../../region/one-line.ts';
import type { RegionNames } from '../core/names/region-names.ts';
import { registrySteps, type RegisteredTask, type RegistryStep } from '../core/topology/registries.ts';
import { isControlPlaneGone } from './control-plane-gone.ts';

export class RegistrySync {
  readonly #client: ServiceDiscoveryClient;
  /** What was told since the names were read last, which can't show it yet. */
  #told = new Set<string>();
  #read: RegionNames | undefined;

  constructor(client: ServiceDiscoveryClient) {
    this.#client = client;
  }

  /** @throws Error when Cloud Map does not answer at all; what it refuses is complained about */
  async sync(tasks: readonly RegisteredTask[], names: RegionNames, complain: Complain): Promise<void> {
    if (this.#read !== names) this.#told = new Set();
    this.#read = names;
    for (const step of registrySteps(tasks, names.discovery)) {
      const key = JSON.stringify(step);
      if (this.#told.has(key)) continue;
      try {
        await this.#tell(step);
        this.#told.add(key);
      } catch (error) {
        if (isControlPlaneGone(error)) throw error;
        const { ecsService, act } = step;
        complain(ecsService, `Cloud Map does not ${act} a task of ${ecsService}: ${oneLine(error)}`);
      }
    }
  }

  async #tell(step: RegistryStep): Promise<void> {
    const of = { ServiceId: step.serviceId, InstanceId: step.instanceId };
    if (step.act === 'register')
      await this.#client.send(new RegisterInstanceCommand({ ...of, Attributes: { ...step.attributes } }));
    else if (step.act === 'deregister') await this.#client.send(new DeregisterInstanceCommand(of));
    else
      await this.#client.send(
        new UpdateInstanceCustomHealthStatusCommand({ ...of, Status: step.healthy ? 'HEALTHY' : 'UNHEALTHY' }),
      );
  }
}
