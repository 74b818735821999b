import { NAMESPACE } from '../../testing/region-state.ts';
import type { DiscoveryService, HostedZone, RecordSet } from './region-names.ts';
import { resolverAddress, vpcZones, type NamesInput } from './vpc-zones.ts';

const VPC = 'vpc-1';
const record = (name: string, more: Partial<RecordSet> = {}): RecordSet => ({
  ...{ name, type: 'A', ttl: 300, values: ['10.0.0.9'], alias: undefined, policy: { kind: 'simple' } },
  ...more,
});
const zone = (name: string, recordSets: readonly RecordSet[], more: Partial<HostedZone> = {}): HostedZone => ({
  ...{ id: `Z-${name}`, name, isPrivate: true, vpcIds: [VPC], recordSets },
  ...more,
});
const SOA = record('prod.internal.', { type: 'SOA', ttl: 900, values: ['ns. host. 1 2 3 4 5'] });

/** What a VPC sees by `name type`, without the zones of hosts. */
function seen(more: Partial<NamesInput> & Partial<NamesInput['names']>, complaints: string[] = []) {
  const names = { zones: more.zones ?? [], discovery: more.discovery ?? [], vpcs: more.vpcs ?? new Map() };
  const file = vpcZones(
    VPC,
    {
      ...{ region: 'us-east-1', namespaces: [], balancers: new Map(), interfaces: [], wantedTasks: new Set() },
      ...more,
      names,
    },
    (_, message) => complaints.push(message),
  );
  const rows = file.zones.flatMap(({ records }) => records).map((one) => [`${one.name} ${one.type}`, one] as const);
  return new Map<string, (typeof rows)[number][1]>(rows);
}
const values = (found: ReturnType<typeof seen>, key: string) =>
  found.get(key)?.sets.map((set) => set.values.join('+')) ?? [];

test('the resolver is at the base of the primary block plus two', () => {
  expect(['10.4.0.0/16', '172.31.16.0/20', '10.0.1.77/24'].map(resolverAddress)).toEqual([
    '10.4.0.2',
    '172.31.16.2',
    '10.0.1.2',
  ]);
});

test('a VPC sees its own private zones and the public ones, and the private one of a name alone', () => {
  const zones = [
    zone('a.internal.', [record('x.a.internal.')]),
    zone('b.internal.', [record('x.b.internal.')], { vpcIds: ['vpc-2'] }),
    zone('shop.example.', [record('private.shop.example.')]),
    zone('shop.example.', [record('public.shop.example.')], { isPrivate: false, vpcIds: [] }),
    zone('open.example.', [record('www.open.example.')], { isPrivate: false, vpcIds: [] }),
  ];
  const found = [...seen({ zones }).keys()].filter((key) => !key.includes('SOA'));
  expect(found.sort()).toEqual(['private.shop.example. A', 'www.open.example. A', 'x.a.internal. A']);
});

test('without EnableDnsHostnames no private zone resolves, and a complaint says so', () => {
  const complaints: string[] = [];
  const vpcs = new Map([[VPC, { support: true, hostnames: false }]]);
  expect(
    seen({ zones: [zone('a.internal.', [record('x.a.internal.')])], vpcs }, complaints).has('x.a.internal. A'),
  ).toBe(false);
  expect(complaints).toEqual([expect.stringContaining('set EnableDnsHostnames of the VPC')]);
});

test('names of load balancers, of hosts and of their addresses', () => {
  const found = seen({
    balancers: new Map([
      ['web-1.us-east-1.elb.amazonaws.com', ['10.0.0.5', '10.0.1.5']],
      ['new-1.us-east-1.elb.amazonaws.com', []],
    ]),
    interfaces: [
      { address: '10.0.1.4', vpcId: VPC },
      { address: '10.9.1.4', vpcId: 'vpc-2' },
    ],
  });
  expect(values(found, 'web-1.us-east-1.elb.amazonaws.com. A')).toEqual(['10.0.0.5+10.0.1.5']);
  // It exists, so that nobody hears that it does not.
  expect(found.has('new-1.us-east-1.elb.amazonaws.com. SOA')).toBe(true);
  expect(values(found, 'ip-10-0-1-4.ec2.internal. A')).toEqual(['10.0.1.4']);
  expect(values(found, '4.1.0.10.in-addr.arpa. PTR')).toEqual(['ip-10-0-1-4.ec2.internal.']);
  expect(found.has('ip-10-9-1-4.ec2.internal. A')).toBe(false);
});

test('an alias is the addresses of a load balancer, or the records of its zone; a complaint names any other', () => {
  const complaints: string[] = [];
  const alias = (name: string, target: string, type = 'A') => record(name, { type, values: [], alias: target });
  const zones = [
    zone('prod.internal.', [
      alias('api.prod.internal.', 'dualstack.Web-1.us-east-1.elb.amazonaws.com.'),
      alias('api.prod.internal.', 'dualstack.web-1.us-east-1.elb.amazonaws.com.', 'AAAA'),
      alias('again.prod.internal.', 'api.prod.internal.'),
      alias('round.prod.internal.', 'round.prod.internal.'),
      alias('cdn.prod.internal.', 'd111.cloudfront.net.'),
    ]),
  ];
  const found = seen({ zones, balancers: new Map([['web-1.us-east-1.elb.amazonaws.com', ['10.0.0.5']]]) }, complaints);
  expect(found.get('api.prod.internal. A')?.sets).toEqual([{ ttl: 60, values: ['10.0.0.5'] }]);
  expect(values(found, 'again.prod.internal. A')).toEqual(['10.0.0.5']);
  for (const name of ['api.prod.internal. AAAA', 'round.prod.internal. A', 'cdn.prod.internal. A'])
    expect(found.has(name)).toBe(false);
  expect(complaints).toEqual([expect.stringContaining('d111.cloudfront.net')]);
});

test('routing policies of record sets', () => {
  const sets = (name: string, ...policies: RecordSet['policy'][]) =>
    policies.map((policy, index) => record(name, { policy, values: [`10.0.0.${String(index)}`] }));
  const zones = [
    zone('prod.internal.', [
      ...sets('w.prod.internal.', { kind: 'weighted', weight: 3 }, { kind: 'weighted', weight: 0 }),
      ...sets('m.prod.internal.', { kind: 'multivalue' }, { kind: 'multivalue' }),
      ...sets('f.prod.internal.', { kind: 'failover', primary: false }, { kind: 'failover', primary: true }),
      ...sets('n.prod.internal.', { kind: 'nearest', region: 'eu-west-1' }, { kind: 'nearest', region: 'us-east-1' }),
      record('\\052.prod.internal.', { values: ['10.0.0.7'] }),
    ]),
  ];
  const found = seen({ zones });
  const shown = ['w', 'm', 'f', 'n'].map((name) => {
    const one = found.get(`${name}.prod.internal. A`);
    return [one?.policy, ...(one?.sets ?? []).map(({ values: [value], weight }) => [value, weight])];
  });
  expect(shown).toEqual([
    ['weighted', ['10.0.0.0', 3], ['10.0.0.1', 0]],
    ['multivalue', ['10.0.0.0', undefined], ['10.0.0.1', undefined]],
    ['weighted', ['10.0.0.0', 0], ['10.0.0.1', undefined]],
    ['simple', ['10.0.0.1', undefined]],
  ]);
  // The escape of a zone file has decimal digits.
  expect(values(found, '\\042.prod.internal. A')).toEqual(['10.0.0.7']);
});

const ECS = { ECS_TASK_DEFINITION_FAMILY: 'f' };
const service = (name: string, more: Partial<DiscoveryService>): DiscoveryService => ({
  ...{ id: `srv-${name}`, arn: `arn:${name}`, name, namespaceId: NAMESPACE.id, routingPolicy: 'MULTIVALUE' },
  ...{ records: [{ type: 'A', ttl: 10 }], customHealth: true, instances: [] },
  ...more,
});
const inCloudMap = (discovery: readonly DiscoveryService[], wanted: readonly string[] = []) => ({
  ...{ discovery, zones: [zone('prod.internal.', [SOA], { id: 'Z1' })] },
  namespaces: [{ ...NAMESPACE, name: 'prod.internal', zoneId: 'Z1', soaTtl: 20 }],
  wantedTasks: new Set(wanted),
});

test('Cloud Map: addresses with health and TTL, without tasks that stop, and the SOA of the namespace', () => {
  const instances = [
    { id: 'a', attributes: { AWS_INSTANCE_IPV4: '10.0.1.4', ...ECS }, healthy: true },
    { id: 'b', attributes: { AWS_INSTANCE_IPV4: '10.0.1.5', ...ECS }, healthy: false },
    { id: 'stopping', attributes: { AWS_INSTANCE_IPV4: '10.0.1.6', ...ECS }, healthy: true },
    { id: 'of-a-person', attributes: { AWS_INSTANCE_IPV4: '10.0.1.7' }, healthy: true },
  ];
  const found = seen(inCloudMap([service('web', { instances }), service('none', {})], ['a', 'b']));
  expect(found.get('web.prod.internal. A')).toMatchObject({
    policy: 'multivalue',
    sets: [
      { ttl: 10, values: ['10.0.1.4'], healthy: true },
      { ttl: 10, values: ['10.0.1.5'], healthy: false },
      { ttl: 10, values: ['10.0.1.7'], healthy: true },
    ],
  });
  expect(found.has('none.prod.internal. A')).toBe(false);
  expect(found.get('prod.internal. SOA')?.sets[0]?.ttl).toBe(20);
});

test('Cloud Map: SRV with the addresses of its hosts, CNAME and alias, one at random', () => {
  const instances = [
    { id: 'a', attributes: { AWS_INSTANCE_IPV4: '10.0.1.4', AWS_INSTANCE_PORT: '8080' }, healthy: true },
    { id: 'b', attributes: { AWS_INSTANCE_IPV4: '10.0.1.5' }, healthy: true },
  ];
  const name = { id: 'c', attributes: { AWS_INSTANCE_CNAME: 'x.example.com' }, healthy: true };
  const alias = { id: 'd', attributes: { AWS_ALIAS_DNS_NAME: 'web-1.elb.amazonaws.com' }, healthy: true };
  const found = seen({
    ...inCloudMap([
      service('srv', { records: [{ type: 'SRV', ttl: 30 }], instances }),
      service('cname', { records: [{ type: 'CNAME', ttl: 30 }], instances: [name], routingPolicy: 'WEIGHTED' }),
      service('alias', { instances: [alias], routingPolicy: 'WEIGHTED' }),
    ]),
    balancers: new Map([['web-1.elb.amazonaws.com', ['10.0.0.5']]]),
  });
  expect(values(found, 'srv.prod.internal. SRV')).toEqual(['1 1 8080 a.srv.prod.internal.']);
  expect(values(found, 'a.srv.prod.internal. A')).toEqual(['10.0.1.4']);
  expect(found.get('cname.prod.internal. CNAME')).toMatchObject({
    policy: 'weighted',
    sets: [{ values: ['x.example.com.'] }],
  });
  expect(values(found, 'alias.prod.internal. A')).toEqual(['10.0.0.5']);
});
