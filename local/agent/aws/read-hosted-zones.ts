/** Reads the hosted zones of Route 53 with their record sets. */
import {
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  paginateListHostedZones,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import { z } from 'zod';
import type { Complain } from '../../region/complaints.ts';
import type { HostedZone, RecordSet } from '../core/names/region-names.ts';
import { readEach } from './read-each.ts';
import { unlessUnreadable } from './unless-unreadable.ts';

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

/** What can't be read of one is complained about and left out; a control plane that does not answer throws. */
export async function readHostedZones(route53: Route53Client, complain: Complain): Promise<HostedZone[]> {
  const zones: HostedZone[] = [];
  for await (const page of paginateListHostedZones({ client: route53 }, {})) {
    for (const raw of readEach(Zone, page.HostedZones, 'hosted zone', ['Id', 'Name'], complain)) {
      const read = () => readZone(route53, raw, complain);
      const zone = await unlessUnreadable(raw.Id, `hosted zone ${raw.Name}`, read, complain);
      if (zone !== undefined) zones.push(zone);
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
