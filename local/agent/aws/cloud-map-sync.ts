/** Keeps Cloud Map in step with the tasks that serve, as ECS does for Service Connect. */
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DeregisterInstanceCommand,
  paginateListInstances,
  paginateListServices,
  RegisterInstanceCommand,
  type ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import AGREED from '../../control-plane/agreed-with-agent.json' with { type: 'json' };
import type { Complain } from '../../region/complaints.ts';
import type { Instance } from '../core/topology/endpoints.ts';
import { isControlPlaneGone } from './control-plane-gone.ts';
import { oneLine } from '../../region/one-line.ts';

const instanceKey = (instance: Instance): string =>
  `${instance.namespaceId} ${instance.discoveryName} ${instance.taskId}`;
const serviceKey = (namespaceId: string, discoveryName: string): string => `${namespaceId} ${discoveryName}`;

export class CloudMapSync {
  readonly #client: ServiceDiscoveryClient;
  /** Cloud Map service id by namespace and discovery name. */
  readonly #services = new Map<string, string>();
  readonly #instances = new Map<string, Instance>();

  constructor(client: ServiceDiscoveryClient) {
    this.#client = client;
  }

  /** Forgets what is registered, so that it is looked up again. */
  forget(): void {
    this.#services.clear();
    this.#instances.clear();
  }

  /**
   * @param names every discovery name in use, with or without tasks
   * @param wanted the instances that should be registered
   * @param complain about a name or an instance that Cloud Map refuses; the others go on
   * @throws Error when Cloud Map does not answer at all
   */
  async sync(
    names: readonly { readonly namespaceId: string; readonly discoveryName: string }[],
    wanted: readonly Instance[],
    complain: Complain,
  ): Promise<void> {
    const alone = async (name: string, act: () => Promise<unknown>): Promise<void> => {
      await act().catch((error: unknown) => {
        if (isControlPlaneGone(error)) throw error;
        complain(name, `Cloud Map, ${name}: ${oneLine(error)}`);
      });
    };
    for (const { namespaceId, discoveryName } of names)
      await alone(discoveryName, () => this.#ensureService(namespaceId, discoveryName));
    const keep = new Set(wanted.map(instanceKey));
    for (const [key, instance] of this.#instances) {
      if (!keep.has(key)) await alone(instance.discoveryName, () => this.#deregister(key, instance));
    }
    for (const instance of wanted) {
      if (this.#instances.has(instanceKey(instance))) continue;
      await alone(instance.discoveryName, () => this.#register(instance));
    }
    const inUse = new Set(names.map((name) => serviceKey(name.namespaceId, name.discoveryName)));
    for (const [key, id] of this.#services) {
      if (inUse.has(key)) continue;
      await alone(key, async () => {
        await this.#client.send(new DeleteServiceCommand({ Id: id }));
        this.#services.delete(key);
      });
    }
  }

  async #ensureService(namespaceId: string, discoveryName: string): Promise<void> {
    const key = serviceKey(namespaceId, discoveryName);
    if (this.#services.has(key)) return;
    if (await this.#adopt(key, namespaceId, discoveryName)) return;
    const answer = await this.#client.send(
      new CreateServiceCommand({
        Name: discoveryName,
        NamespaceId: namespaceId,
        Type: 'HTTP',
        Description: AGREED.cloudMapDescription,
      }),
    );
    if (answer.Service?.Id !== undefined) this.#services.set(key, answer.Service.Id);
  }

  /**
   * Takes over a service that an agent before this one made, with what it left registered.
   * @throws Error when the name is that of a service which somebody else made: nothing of it is ours
   */
  async #adopt(key: string, namespaceId: string, discoveryName: string): Promise<boolean> {
    let taken: string | undefined;
    const filter = { Name: 'NAMESPACE_ID', Values: [namespaceId], Condition: 'EQ' } as const;
    for await (const page of paginateListServices(
      { client: this.#client },
      { Filters: [{ ...filter, Values: [...filter.Values] }] },
    )) {
      const named = page.Services?.filter(({ Name }) => Name === discoveryName) ?? [];
      const found = named.find(({ Description }) => Description === AGREED.cloudMapDescription);
      taken ??= named.find((one) => one !== found)?.Id;
      if (found?.Id === undefined) continue;
      this.#services.set(key, found.Id);
      for await (const instances of paginateListInstances({ client: this.#client }, { ServiceId: found.Id })) {
        for (const { Id, Attributes = {} } of instances.Instances ?? []) {
          const instance = { namespaceId, discoveryName, taskId: Id ?? '', attributes: Attributes };
          this.#instances.set(instanceKey(instance), instance);
        }
      }
      return true;
    }
    if (taken !== undefined)
      throw new Error(`${taken} has this name and is not of Service Connect: take another discoveryName, or delete it`);
    return false;
  }

  async #register(instance: Instance): Promise<void> {
    const ServiceId = this.#services.get(serviceKey(instance.namespaceId, instance.discoveryName));
    if (ServiceId === undefined) return;
    await this.#client.send(
      new RegisterInstanceCommand({ ServiceId, InstanceId: instance.taskId, Attributes: { ...instance.attributes } }),
    );
    this.#instances.set(instanceKey(instance), instance);
  }

  async #deregister(key: string, instance: Instance): Promise<void> {
    const ServiceId = this.#services.get(serviceKey(instance.namespaceId, instance.discoveryName));
    if (ServiceId !== undefined)
      await this.#client.send(new DeregisterInstanceCommand({ ServiceId, InstanceId: instance.taskId }));
    this.#instances.delete(key);
  }
}
