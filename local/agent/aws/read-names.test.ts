import type { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { complaints, fakeClient } from '../testing/fake-client.ts';
import { NAMESPACE, serviceWith } from '../testing/region-state.ts';
import { readNames } from './read-names.ts';

/** The paginators take nothing but a client of their own. */
const clientOf = <T extends object>(made: T, answers: Parameters<typeof fakeClient>[0]): T =>
  Object.assign(made, { send: fakeClient<{ send: unknown }>(answers).send });
const SETTINGS = { region: 'us-east-1', endpoint: 'http://127.0.0.1:1' };
const named = (ServiceId: unknown, of: Readonly<Record<string, unknown>>) => of[String(ServiceId)] ?? {};

const route53 = (answers: Parameters<typeof fakeClient>[0]) => clientOf(new Route53Client(SETTINGS), answers);
const cloudMap = (answers: Parameters<typeof fakeClient>[0]) => clientOf(new ServiceDiscoveryClient(SETTINGS), answers);
const ec2 = fakeClient<EC2Client>({
  DescribeVpcAttribute: ({ Attribute }) =>
    Attribute === 'enableDnsSupport' ? { EnableDnsSupport: { Value: true } } : { EnableDnsHostnames: { Value: false } },
});

test('a zone with its VPCs and every page of its records; one that can not be read costs itself alone', async () => {
  const zones = route53({
    ListHostedZones: {
      HostedZones: [
        { Id: '/hostedzone/Z1', Name: 'a.internal.', Config: { PrivateZone: true } },
        { Id: '/hostedzone/Z2', Name: 'gone.internal.', Config: { PrivateZone: true } },
        { Id: '/hostedzone/Z3', Name: 'open.example.', Config: {} },
      ],
    },
    GetHostedZone: ({ Id }) => {
      if (Id === 'Z2') throw new Error('No hosted zone found');
      return { VPCs: [{ VPCId: 'vpc-1' }] };
    },
    ListResourceRecordSets: ({ HostedZoneId, StartRecordName }) =>
      HostedZoneId === 'Z3'
        ? {}
        : StartRecordName === undefined
          ? {
              ResourceRecordSets: [
                { Name: 'x.', Type: 'A', TTL: 5, ResourceRecords: [{ Value: '10.0.0.1' }] },
                { Name: 'w.', Type: 'A', SetIdentifier: '1', Weight: 0, AliasTarget: { DNSName: 'lb.' } },
                { Name: 'bad.', TTL: 5 },
              ],
              ...{ IsTruncated: true, NextRecordName: 'y.', NextRecordType: 'A' },
            }
          : { ResourceRecordSets: [{ Name: 'n.', Type: 'A', SetIdentifier: '1', Region: 'eu-west-1', TTL: 5 }] },
  });
  const { complain, list } = complaints();
  const known = { services: [], namespaces: [], vpcIds: ['vpc-1'] };
  const names = await readNames({ ec2, cloudMap: cloudMap({}), route53: zones }, known, complain);
  expect(names.vpcs).toEqual(new Map([['vpc-1', { support: true, hostnames: false }]]));
  expect(names.zones.map(({ id, isPrivate, vpcIds }) => [id, isPrivate, vpcIds])).toEqual([
    ['Z1', true, ['vpc-1']],
    ['Z3', false, []],
  ]);
  expect(names.zones[0]?.recordSets.map(({ name, alias, policy }) => [name, alias, policy])).toEqual([
    ['x.', undefined, { kind: 'simple' }],
    ['w.', 'lb.', { kind: 'weighted', weight: 0 }],
    ['n.', undefined, { kind: 'nearest', region: 'eu-west-1' }],
  ]);
  expect(list.map(([resource]) => resource)).toEqual(['Z1', '/hostedzone/Z2']);
});

test('Cloud Map services with DNS, and those of a registry, with the health of their instances', async () => {
  const services = cloudMap({
    ListServices: ({ Filters }) => {
      const [namespace] = (Filters as { Values: string[] }[]).flatMap(({ Values }) => Values);
      return named(namespace, {
        'ns-1': {
          Services: [
            {
              ...{ Id: 'srv-a', Arn: 'arn:a', Name: 'a', HealthCheckCustomConfig: {} },
              DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }], RoutingPolicy: 'WEIGHTED' },
            },
          ],
        },
        'ns-http': {
          Services: [
            { Id: 'srv-b', Arn: 'arn:b', Name: 'b' },
            { Id: 'srv-c', Arn: 'arn:service-connect', Name: 'c' },
          ],
        },
      });
    },
    GetInstancesHealthStatus: ({ NextToken }) =>
      NextToken === undefined ? { Status: { one: 'HEALTHY' }, NextToken: 'more' } : { Status: { two: 'UNHEALTHY' } },
    ListInstances: ({ ServiceId }) =>
      named(ServiceId, {
        'srv-a': { Instances: [{ Id: 'one', Attributes: { AWS_INSTANCE_IPV4: '10.0.0.1' } }, { Id: 'two' }] },
      }),
  });
  const known = {
    services: [serviceWith({ registries: [{ arn: 'arn:b', port: undefined, containerPort: undefined }] })],
    namespaces: [
      { ...NAMESPACE, zoneId: 'Z1' },
      { ...NAMESPACE, id: 'ns-http' },
    ],
    vpcIds: [],
  };
  const { discovery } = await readNames({ ec2, cloudMap: services, route53: route53({}) }, known, () => undefined);
  expect(discovery).toMatchObject([
    {
      ...{ arn: 'arn:a', namespaceId: 'ns-1', routingPolicy: 'WEIGHTED', customHealth: true },
      instances: [
        { id: 'one', healthy: true },
        { id: 'two', healthy: false },
      ],
    },
    { arn: 'arn:b', namespaceId: 'ns-http', customHealth: false, instances: [] },
  ]);
  expect(discovery).toHaveLength(2);
});

const onePerNamespace = ({ Filters }: Readonly<Record<string, unknown>>) => {
  const [namespace = ''] = (Filters as { Values: string[] }[]).flatMap(({ Values }) => Values);
  if (namespace === 'ns-gone') throw new Error('NamespaceNotFound');
  const of = (name: string) => ({
    ...{ Id: `srv-${name}`, Arn: `arn:${name}`, Name: name },
    DnsConfig: { DnsRecords: [{ Type: 'A', TTL: 10 }] },
  });
  return { Services: ['kept', 'gone'].map(of) };
};

test('a VPC, a namespace and a service of Cloud Map that are deleted between two calls cost themselves alone', async () => {
  const services = cloudMap({
    ListServices: onePerNamespace,
    ListInstances: ({ ServiceId }) => {
      if (ServiceId === 'srv-gone') throw new Error('ServiceNotFound');
      return { Instances: [{ Id: 'one' }] };
    },
  });
  const vpcs = fakeClient<EC2Client>({
    DescribeVpcAttribute: ({ VpcId }) => {
      if (VpcId === 'vpc-gone') throw new Error('InvalidVpcID.NotFound');
      return { EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } };
    },
  });
  const known = {
    services: [],
    namespaces: ['ns-gone', 'ns-1'].map((id) => ({ ...NAMESPACE, id, zoneId: 'Z1' })),
    vpcIds: ['vpc-gone', 'vpc-1'],
  };
  const { complain, list } = complaints();
  const names = await readNames({ ec2: vpcs, cloudMap: services, route53: route53({}) }, known, complain);
  expect([...names.vpcs.keys()]).toEqual(['vpc-1']);
  expect(names.discovery.map(({ name }) => name)).toEqual(['kept']);
  expect(list.map(([resource]) => resource).sort()).toEqual(['arn:gone', 'ns-gone', 'vpc-gone']);
});

test('a control plane that does not answer is no fault of one VPC', async () => {
  const away = fakeClient<EC2Client>({
    DescribeVpcAttribute: Object.assign(new Error('nobody'), { code: 'ECONNREFUSED' }),
  });
  const known = { services: [], namespaces: [], vpcIds: ['vpc-1'] };
  const read = readNames({ ec2: away, cloudMap: cloudMap({}), route53: route53({}) }, known, () => undefined);
  await expect(read).rejects.toThrow('nobody');
});
