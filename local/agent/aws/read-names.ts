/** Reads the names of the region: hosted zones with their records, Cloud Map services with their instances, DNS of VPCs. */
import { DescribeVpcAttributeCommand } from '@aws-sdk/client-ec2';
import {
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import {
  GetInstancesHealthStatusCommand,
  paginateListInstances,
  paginateListServices,
  type GetInstancesHealthStatusCommandOutput,
  type ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { z } from 'zod';
import { oneLine } from '../../region/one-line.ts';
import type { Complain } from '../../region/complaints.ts';
import type {
  DiscoveryInstance,
  DiscoveryService,
  HostedZone,
  RecordSet,
  RegionNames,
  VpcDns,
} from '../core/names/region-names.ts';
import type { Namespace, Service } from '../core/region-state.ts';
import type { AwsClients } from './clients.ts';
import { isControlPlaneGone } from './control-plane-gone.ts';
import { readEach } from './read-each.ts';

/** One record of a set says nothing about its TTL: then it is that of an alias. */
const Record = z
  .object({
    Name: z.string(),
    Type: z.string(),
    TTL: z.coerce.number().int().min(0).default(60),
    ResourceRecords: z.array(z.object({ Value: z.string() })).default([]),
    AliasTarget: z.object({ DNSName: z.string() }).optional(),
    Weight: z.coerce.number().int().min(0).optional(),
    MultiValueAnswer: z.boolean().optional(),
    Failover: z.enum(['PRIMARY', 'SECONDARY']).optional(),
    Region: z.string().optional(),
    SetIdentifier: z.string().optional(),
  })
  .transform((raw): RecordSet => ({
    ...{ name: raw.Name, type: raw.Type, ttl: raw.TTL, alias: raw.AliasTarget?.DNSName },
    values: raw.ResourceRecords.map(({ Value }) => Value),
    policy: policyOf(raw),
  }));

function policyOf(raw: {
  readonly Weight?: number | undefined;
  readonly MultiValueAnswer?: boolean | undefined;
  readonly Failover?: 'PRIMARY' | 'SECONDARY' | undefined;
  readonly Region?: string | undefined;
  readonly SetIdentifier?: string | undefined;
}): RecordSet['policy'] {
  if (raw.Weight !== undefined) return { kind: 'weighted', weight: raw.Weight };
  if (raw.MultiValueAnswer === true) return { kind: 'multivalue' };
  if (raw.Failover !== undefined) return { kind: 'failover', primary: raw.Failover === 'PRIMARY' };
  return raw.SetIdentifier === undefined ? { kind: 'simple' } : { kind: 'nearest', region: raw.Region };
}

const Zone = z.object({
  Id: z.string(),
  Name: z.string(),
  Config: z.object({ PrivateZone: z.boolean().default(false) }).default({ PrivateZone: false }),
});

const Discovery = z.object({
  Id: z.string(),
  Arn: z.string(),
  Name: z.string(),
  NamespaceId: z.string(),
  DnsConfig: z
    .object({
      RoutingPolicy: z.enum(['MULTIVALUE', 'WEIGHTED']).nullish(),
      DnsRecords: z.array(z.object({ Type: z.string(), TTL: z.coerce.number().int().min(0) })).default([]),
    })
    .nullish(),
  HealthCheckCustomConfig: z.unknown().optional(),
});

type Sources = Pick<AwsClients, 'ec2' | 'cloudMap' | 'route53'>;

/** What can't be read of it is complained about and left out; a control plane that does not answer throws. */
export async function readNames(
  { ec2, cloudMap, route53 }: Sources,
  known: {
    readonly services: readonly Service[];
    readonly namespaces: readonly Namespace[];
    readonly vpcIds: Iterable<string>;
  },
  complain: Complain,
): Promise<RegionNames> {
  const attribute = async (VpcId: string, Attribute: 'enableDnsSupport' | 'enableDnsHostnames') =>
    ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  const vpcOf = async (id: string): Promise<readonly [string, VpcDns]> => {
    const [support, hostnames] = await Promise.all([
      attribute(id, 'enableDnsSupport'),
      attribute(id, 'enableDnsHostnames'),
    ]);
    return [
      id,
      {
        support: support.EnableDnsSupport?.Value !== false,
        hostnames: hostnames.EnableDnsHostnames?.Value === true,
      },
    ];
  };
  const [zones, discovery, vpcs] = await Promise.all([
    readZones(route53, complain),
    readDiscovery(cloudMap, known.services, known.namespaces, complain),
    Promise.all([...known.vpcIds].map(vpcOf)),
  ]);
  return { zones, discovery, vpcs: new Map(vpcs) };
}

async function readZones(route53: Route53Client, complain: Complain): Promise<HostedZone[]> {
  const zones: HostedZone[] = [];
  for await (const page of paginateListHostedZones({ client: route53 }, {})) {
    for (const raw of readEach(Zone, page.HostedZones, 'hosted zone', ['Id', 'Name'], complain)) {
      try {
        zones.push(await readZone(route53, raw, complain));
      } catch (error) {
        if (isControlPlaneGone(error)) throw error;
        // One that was deleted meanwhile is not in the next answer.
        complain(raw.Id, `hosted zone ${raw.Name} can't be read: ${oneLine(error)}`);
      }
    }
  }
  return zones;
}

async function readZone(route53: Route53Client, raw: z.infer<typeof Zone>, complain: Complain): Promise<HostedZone> {
  // The API answers `/hostedzone/Z1`, and everybody else names it Z1.
  const id = raw.Id.split('/').at(-1) ?? raw.Id;
  const isPrivate = raw.Config.PrivateZone;
  const vpcs = isPrivate ? ((await route53.send(new GetHostedZoneCommand({ Id: id }))).VPCs ?? []) : [];
  const recordSets: RecordSet[] = [];
  let from: Partial<ListResourceRecordSetsCommandInput> | undefined = {};
  while (from !== undefined) {
    const answer: ListResourceRecordSetsCommandOutput = await route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: id, ...from }),
    );
    const what = `record set of ${raw.Name}`;
    recordSets.push(
      ...readEach(Record, answer.ResourceRecordSets, what, ['Name'], (_, message) => {
        complain(id, message);
      }),
    );
    from =
      answer.IsTruncated === true
        ? {
            StartRecordName: answer.NextRecordName,
            StartRecordType: answer.NextRecordType,
            StartRecordIdentifier: answer.NextRecordIdentifier,
          }
        : undefined;
  }
  return { id, name: raw.Name, isPrivate, vpcIds: vpcs.flatMap(({ VPCId }) => VPCId ?? []), recordSets };
}

/** Those with DNS, and those that an ECS service registers its tasks with; Service Connect's are looked after elsewhere. */
async function readDiscovery(
  cloudMap: ServiceDiscoveryClient,
  services: readonly Service[],
  namespaces: readonly Namespace[],
  complain: Complain,
): Promise<DiscoveryService[]> {
  const registries = new Set(services.flatMap((one) => one.registries.map(({ arn }) => arn)));
  if (registries.size === 0 && !namespaces.some(({ zoneId }) => zoneId !== undefined)) return [];
  const found: DiscoveryService[] = [];
  for await (const page of paginateListServices({ client: cloudMap }, {})) {
    for (const raw of readEach(Discovery, page.Services, 'Cloud Map service', ['Arn', 'Name'], complain)) {
      const records = raw.DnsConfig?.DnsRecords ?? [];
      if (records.length === 0 && !registries.has(raw.Arn)) continue;
      const customHealth = raw.HealthCheckCustomConfig !== undefined && raw.HealthCheckCustomConfig !== null;
      found.push({
        ...{ id: raw.Id, arn: raw.Arn, name: raw.Name, namespaceId: raw.NamespaceId, customHealth },
        routingPolicy: raw.DnsConfig?.RoutingPolicy ?? 'MULTIVALUE',
        records: records.map(({ Type, TTL }) => ({ type: Type, ttl: TTL })),
        instances: await readInstances(cloudMap, raw.Id, customHealth),
      });
    }
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
