/** The file that the resolver of a VPC reads: its tests take the same example (local/control-plane/tests/test_zone_file.py). */
import example from '../../../aws-shapes/vpc-zones.json' with { type: 'json' };
import type { RecordSet } from './region-names.ts';
import { vpcZones } from './vpc-zones.ts';

const at = (name: string, values: readonly string[], more: Partial<RecordSet> = {}): RecordSet => ({
  ...{ name, type: 'A', ttl: 300, values, alias: undefined, policy: { kind: 'simple' } },
  ...more,
});
const weighted = (weight: number, value: string) =>
  at('w.a.internal.', [value], { policy: { kind: 'weighted', weight } });

test('the file is as the resolver’s tests have it', () => {
  const recordSets = [
    at('a.internal.', ['ns.a.internal. host.a.internal. 1 7200 900 1209600 86400'], { type: 'SOA', ttl: 900 }),
    at('x.a.internal.', ['10.0.0.1', '10.0.0.2']),
    weighted(0, '10.0.0.3'),
    weighted(5, '10.0.0.4'),
  ];
  const instance = (id: string, address: string, healthy: boolean) => ({
    ...{ id, healthy },
    attributes: { AWS_INSTANCE_IPV4: address },
  });
  const names = {
    zones: [{ id: 'Z1', name: 'a.internal.', isPrivate: true, vpcIds: ['vpc-1'], recordSets }],
    discovery: [
      {
        ...{ id: 'srv-1', arn: 'arn:srv-1', name: 'm', namespaceId: 'ns-1', routingPolicy: 'MULTIVALUE' as const },
        ...{ records: [{ type: 'A', ttl: 60 }], customHealth: true },
        instances: [instance('one', '10.0.0.5', true), instance('two', '10.0.0.6', false)],
      },
    ],
    vpcs: new Map(),
  };
  const namespaces = [{ id: 'ns-1', arn: 'arn:ns-1', name: 'a.internal', zoneId: 'Z1', soaTtl: 15 }];
  const none = { balancers: new Map(), interfaces: [], wantedTasks: new Set<string>() };
  const outside = {
    ...{ host: true, all: true, addresses: new Map([['host.a.internal', []]]) },
    clients: [
      { address: '10.0.0.1', vpcId: 'vpc-1' },
      { address: '10.0.0.2', vpcId: 'vpc-2' },
    ],
  };
  const file: unknown = JSON.parse(
    JSON.stringify(
      vpcZones('vpc-1', { region: 'us-east-1', names, namespaces, ...none, outside }, (resource, message) => {
        throw new Error(`${resource}: ${message}`);
      }),
    ),
  );
  expect(file).toEqual(example);
});
