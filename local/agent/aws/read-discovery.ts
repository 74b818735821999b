/** Reads the services of Cloud Map that have names in DNS, or tasks of ECS. */
import {
  GetInstancesHealthStatusCommand,
  paginateListInstances,
  paginateListServices,
  type GetInstancesHealthStatusCommandOutput,
  type ListServicesCommandOutput,
  type ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { z } from 'zod';
import type { Complain } from '../../region/complaints.ts';
import type { DiscoveryInstance, DiscoveryService } from '../core/names/region-names.ts';
import type { Namespace, Service } from '../core/region-state.ts';
import { readEach } from './read-each.ts';
import { unlessUnreadable } from './unless-unreadable.ts';

const Discovery = z.object({
  Id: z.string(),
  Arn: z.string(),
  Name: z.string(),
  DnsConfig: z
    .object({
      RoutingPolicy: z.enum(['MULTIVALUE', 'WEIGHTED']).nullish(),
      DnsRecords: z.array(z.object({ Type: z.string(), TTL: z.coerce.number().int().min(0) })).default([]),
    })
    .nullish(),
  HealthCheckCustomConfig: z.unknown().optional(),
});

/**
 * Those with DNS, and those that an ECS service registers its tasks with; Service Connect's are looked after elsewhere.
 * What can't be read of one is complained about and left out; a control plane that does not answer throws.
 */
export async function readDiscovery(
  cloudMap: ServiceDiscoveryClient,
  services: readonly Service[],
  namespaces: readonly Namespace[],
  complain: Complain,
): Promise<DiscoveryService[]> {
  const registries = new Set(services.flatMap((one) => one.registries.map(({ arn }) => arn)));
  if (registries.size === 0 && !namespaces.some(({ zoneId }) => zoneId !== undefined)) return [];
  const found: DiscoveryService[] = [];
  // A service in a list does not say which namespace it is in. Those without DNS matter where a registry may name them.
  const looked = namespaces.filter(({ zoneId }) => zoneId !== undefined || registries.size > 0);
  for (const { id: namespaceId } of looked) {
    const Filters = [{ Name: 'NAMESPACE_ID' as const, Values: [namespaceId], Condition: 'EQ' as const }];
    const read = async (): Promise<void> => {
      for await (const page of paginateListServices({ client: cloudMap }, { Filters }))
        found.push(...(await readServices(cloudMap, page, namespaceId, registries, complain)));
    };
    await unlessUnreadable(namespaceId, `Cloud Map namespace ${namespaceId}`, read, complain);
  }
  return found;
}

async function readServices(
  cloudMap: ServiceDiscoveryClient,
  page: ListServicesCommandOutput,
  namespaceId: string,
  registries: ReadonlySet<string>,
  complain: Complain,
): Promise<DiscoveryService[]> {
  const found: DiscoveryService[] = [];
  for (const raw of readEach(Discovery, page.Services, 'Cloud Map service', ['Arn', 'Name'], complain)) {
    const records = raw.DnsConfig?.DnsRecords ?? [];
    if (records.length === 0 && !registries.has(raw.Arn)) continue;
    const customHealth = raw.HealthCheckCustomConfig !== undefined && raw.HealthCheckCustomConfig !== null;
    const read = () => readInstances(cloudMap, raw.Id, customHealth);
    const instances = await unlessUnreadable(raw.Arn, `Cloud Map service ${raw.Name}`, read, complain);
    if (instances === undefined) continue;
    found.push({
      ...{ id: raw.Id, arn: raw.Arn, name: raw.Name, namespaceId, customHealth, instances },
      routingPolicy: raw.DnsConfig?.RoutingPolicy ?? 'MULTIVALUE',
      records: records.map(({ Type, TTL }) => ({ type: Type, ttl: TTL })),
    });
  }
  return found;
}

async function readInstances(
  cloudMap: ServiceDiscoveryClient,
  ServiceId: string,
  customHealth: boolean,
): Promise<DiscoveryInstance[]> {
  const health = new Map<string, string>();
  let token: string | undefined;
  while (customHealth) {
    const answer: GetInstancesHealthStatusCommandOutput = await cloudMap.send(
      new GetInstancesHealthStatusCommand({ ServiceId, NextToken: token }),
    );
    for (const [id, status] of Object.entries(answer.Status ?? {})) health.set(id, status);
    token = answer.NextToken;
    if (token === undefined) break;
  }
  const instances: DiscoveryInstance[] = [];
  for await (const page of paginateListInstances({ client: cloudMap }, { ServiceId })) {
    for (const { Id = '', Attributes = {} } of page.Instances ?? [])
      instances.push({ id: Id, attributes: Attributes, healthy: (health.get(Id) ?? 'HEALTHY') === 'HEALTHY' });
  }
  return instances;
}
