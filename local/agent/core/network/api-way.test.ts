import type { SecurityGroup } from '../mesh.ts';
import type { RouteTable, VpcEndpoint } from '../region-state.ts';
import { apiRefusal, reachesAnApi, type ApiClient } from './api-way.ts';

const HTTPS = { protocol: 'tcp', fromPort: 443, toPort: 443, cidrs: [], peerSecurityGroupIds: [] } as const;
const ALL = { ...HTTPS, protocol: 'all', fromPort: undefined, toPort: undefined, cidrs: ['0.0.0.0/0'] } as const;
const group = (id: string, rules: Partial<SecurityGroup>): SecurityGroup => ({ id, ingress: [], egress: [], ...rules });

const client: ApiClient = {
  ...{ address: '10.0.1.4', securityGroupIds: ['sg-task'] },
  ...{ vpcId: 'vpc-1', subnetId: 'subnet-1', publicAddress: false },
};
const table = (target: string, more: Partial<RouteTable> = {}): RouteTable => ({
  ...{ id: 'rtb-1', vpcId: 'vpc-1', main: false, subnetIds: ['subnet-1'] },
  routes: [
    { destination: '10.0.0.0/16', target: 'local' },
    { destination: '0.0.0.0/0', target },
  ],
  ...more,
});
const endpoint = (service: string, more: Partial<VpcEndpoint> = {}): VpcEndpoint => ({
  ...{ id: 'vpce-1', vpcId: 'vpc-1', type: 'Interface', serviceName: `com.amazonaws.us-east-1.${service}` },
  ...{ routeTableIds: [], subnetIds: ['subnet-1'], securityGroupIds: ['sg-endpoint'], privateDns: true },
  ...more,
});
const subnets = new Map([['subnet-1', { id: 'subnet-1', vpcId: 'vpc-1', cidr: '10.0.1.0/24', zone: 'a' }]]);
const OPEN = [
  group('sg-task', { egress: [ALL] }),
  group('sg-endpoint', { ingress: [{ ...HTTPS, cidrs: ['10.0.0.0/16'] }] }),
];

interface Case {
  readonly tables?: readonly RouteTable[];
  readonly endpoints?: readonly VpcEndpoint[];
  readonly groups?: readonly SecurityGroup[];
  readonly publicAddress?: boolean;
}
const network = ({ tables = [], endpoints = [], groups = OPEN }: Case) => ({
  ...{ routeTables: tables, vpcEndpoints: endpoints, securityGroups: groups, subnets },
});
const why = (service: string | undefined, one: Case): string | undefined =>
  apiRefusal({ ...client, publicAddress: one.publicAddress === true }, service, network(one))?.why;

test.each<[string, Case]>([
  ['a NAT gateway', { tables: [table('nat-1')] }],
  ['an internet gateway, for a task with a public address', { tables: [table('igw-1')], publicAddress: true }],
  ['the main table, for a subnet without one of its own', { tables: [table('nat-1', { main: true, subnetIds: [] })] }],
  ['an interface endpoint', { endpoints: [endpoint('sqs')] }],
  [
    'an interface endpoint, by the rules that name its group and the task’s',
    {
      endpoints: [endpoint('sqs')],
      groups: [
        group('sg-task', { egress: [{ ...HTTPS, cidrs: ['10.0.1.0/24'] }] }),
        group('sg-endpoint', { ingress: [{ ...HTTPS, peerSecurityGroupIds: ['sg-task'] }] }),
      ],
    },
  ],
])('SQS is reached by %s', (_, one) => {
  expect(why('sqs', one)).toBeUndefined();
  expect(reachesAnApi({ ...client, publicAddress: one.publicAddress === true }, network(one))).toBe(true);
});

test.each<[string, Case, RegExp]>([
  ['nothing leads out', { tables: [table('local')] }, /nothing leads from subnet subnet-1 to sqs/],
  ['an internet gateway wants a public address', { tables: [table('igw-1')] }, /nothing leads/],
  ['the way out is another subnet’s', { tables: [table('nat-1', { subnetIds: ['other'] })] }, /nothing leads/],
  ['the endpoint is of another service', { endpoints: [endpoint('sns')] }, /nothing leads/],
  ['the endpoint is of another VPC', { endpoints: [endpoint('sqs', { vpcId: 'vpc-2' })] }, /nothing leads/],
  ['no name leads to the endpoint', { endpoints: [endpoint('sqs', { privateDns: false })] }, /nothing leads/],
  [
    'the task lets nothing out to 443',
    {
      tables: [table('nat-1')],
      groups: [group('sg-task', { egress: [{ ...HTTPS, fromPort: 80, toPort: 80, cidrs: ['0.0.0.0/0'] }] })],
    },
    /security groups sg-task of the task let nothing out to port 443/,
  ],
  [
    'the endpoint lets nobody in, though there is a NAT gateway',
    { tables: [table('nat-1')], endpoints: [endpoint('sqs')], groups: OPEN.slice(0, 1) },
    /port 443 of VPC endpoint vpce-1 \(sg-endpoint\): open it on both sides/,
  ],
])('SQS is not reached where %s', (_, one, reason) => {
  expect(why('sqs', one)).toMatch(reason);
});

test('a gateway endpoint is for its own service, and for subnets whose table has it', () => {
  const s3 = endpoint('s3', { type: 'Gateway', routeTableIds: ['rtb-1'], subnetIds: [], privateDns: false });
  const one = { tables: [table('local')], endpoints: [s3] };
  expect(why('s3', one)).toBeUndefined();
  expect(why('sqs', one)).toMatch(/nothing leads/);
  expect(why('s3', { ...one, endpoints: [{ ...s3, routeTableIds: ['rtb-2'] }] })).toMatch(/nothing leads/);
  expect(reachesAnApi(client, network(one))).toBe(true);
  expect(reachesAnApi(client, network({ ...one, endpoints: [] }))).toBe(false);
});

test('Kinesis has another name as an endpoint, and what is not signed wants a way out', () => {
  const one = { endpoints: [endpoint('kinesis-streams')] };
  expect(why('kinesis', one)).toBeUndefined();
  expect(reachesAnApi(client, network(one))).toBe(true);
  expect(why(undefined, one)).toMatch(/nothing leads from subnet subnet-1 to AWS/);
});

test.each([
  ['ecr', 'ecr.api'],
  ['firehose', 'kinesis-firehose'],
  ['logs', 'logs'],
])('requests that are signed for %s go through the endpoint of %s', (service, name) => {
  const one = { endpoints: [endpoint(name)] };
  expect(why(service, one)).toBeUndefined();
  expect(reachesAnApi(client, network(one))).toBe(true);
});

test('an endpoint whose name only ends like that of a service is not its endpoint', () => {
  expect(why('api', { endpoints: [endpoint('ecr.api')] })).toContain('no VPC endpoint of the service');
});
