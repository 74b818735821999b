/** When one row of a list can't be read, the others are used, and a complaint names the row. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { complaints, fakeClient } from '../testing/fake-client.ts';
import { LoadBalancersReader, type LoadBalancerSources } from './read-load-balancers.ts';
import { narrowSecurityGroups, readSubnets, readVpcCidrs } from './read-network.ts';
import { readTaskDefinitions } from './read-region.ts';
import { readScaling } from './read-scaling.ts';
import { narrowService, ServicesReader } from './read-services.ts';

const service = (name: string, more: object = {}) => ({
  serviceArn: `arn:aws:ecs:r:1:service/c/${name}`,
  serviceName: name,
  clusterArn: 'arn:cluster/c',
  status: 'ACTIVE',
  desiredCount: '2',
  ...more,
});

/** The paginators want a real client; only what it sends is replaced. */
function ecsWith(rows: () => readonly object[]): ECSClient {
  const fake = fakeClient<ECSClient>({
    ListClusters: { clusterArns: ['c'] },
    ListServices: { serviceArns: ['a', 'b'] },
    DescribeServices: () => ({ services: rows() }),
  });
  const client = new ECSClient({ region: 'r', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  return Object.defineProperty(client, 'send', { value: fake.send.bind(fake) });
}

const hook = (stage: string) => ({
  deploymentConfiguration: {
    strategy: 'BLUE_GREEN',
    lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [stage] }],
  },
});

test('a service that can no longer be read stays as it was, and one beside it changes', async () => {
  let rows = [service('bad'), service('good')];
  const reader = new ServicesReader(ecsWith(() => rows));
  const { list, complain } = complaints();
  await reader.read(complain);
  expect(list).toEqual([]);
  rows = [service('bad', { desiredCount: 'many' }), service('good', { desiredCount: 3 })];
  const read = await reader.read(complain);
  expect(read.map(({ name, desiredCount }) => [name, desiredCount])).toEqual([
    ['bad', 2],
    ['good', 3],
  ]);
  expect(list).toEqual([['arn:aws:ecs:r:1:service/c/bad', expect.stringContaining("service bad can't be read: ")]]);
  rows = [service('bad', { desiredCount: 'many', status: 'DRAINING' })];
  expect(await reader.read(complain)).toMatchObject([{ name: 'bad', status: 'DRAINING', desiredCount: 0 }]);
});

test('the deletion of a service that could never be read comes to its end', async () => {
  const reader = new ServicesReader(ecsWith(() => [service('bad', { desiredCount: 'many', status: 'DRAINING' })]));
  const [read] = await reader.read(() => undefined);
  expect(read).toMatchObject({ name: 'bad', status: 'DRAINING', desiredCount: 0, deployments: [] });
});

test('a pause may stand where AWS lets it, and nowhere else', () => {
  expect(narrowService(service('a', hook('RECONCILE_SERVICE')))?.blueGreen?.pauseStages).toEqual(['RECONCILE_SERVICE']);
  for (const stage of ['SCALE_UP', 'BAKE_TIME', 'CLEAN_UP'])
    expect(() => narrowService(service('a', hook(stage)))).toThrow('lifecycleStages');
});

test('a permission that cannot be read lets nothing through, and the others of its group do', () => {
  const { list, complain } = complaints();
  const good = { IpProtocol: 6, FromPort: '80', ToPort: '81', IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
  const groups = narrowSecurityGroups(
    [{ GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '50' }, good] }, { GroupId: 7 }, { GroupId: 'sg-2' }],
    complain,
  );
  expect(groups.map(({ id, ingress }) => [id, ingress.map(({ protocol, fromPort }) => [protocol, fromPort])])).toEqual([
    ['sg-1', [['tcp', 80]]],
    ['sg-2', []],
  ]);
  expect(list.map(([resource]) => resource)).toEqual(['a resource without a name', 'sg-1']);
});

test('subnets and VPCs, each by itself', async () => {
  const ec2 = fakeClient<EC2Client>({
    DescribeSubnets: {
      Subnets: [
        { SubnetId: 's-6', VpcId: 'v', CidrBlock: '::/0', AvailabilityZone: 'a' },
        { SubnetId: 's-4', VpcId: 'v', CidrBlock: '10.0.1.0/24', AvailabilityZone: 'a' },
      ],
    },
    DescribeVpcs: {
      Vpcs: [
        { VpcId: 'v', CidrBlock: '10.0.0.0/16' },
        { VpcId: 'odd', CidrBlock: '10.0.0.0/99' },
      ],
    },
  });
  const { list, complain } = complaints();
  expect([...(await readSubnets(ec2, complain)).keys()]).toEqual(['s-4']);
  expect([...(await readVpcCidrs(ec2, complain)).keys()]).toEqual(['v']);
  expect(list.map(([resource]) => resource)).toEqual(['s-6', 'odd']);
});

test('a policy of a kind that is not followed here is told, and the others scale', async () => {
  const tracking = {
    TargetValue: '50',
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  };
  const client = fakeClient<Parameters<typeof readScaling>[0]>({
    DescribeScalableTargets: { ScalableTargets: [{ ResourceId: 'service/c/s', MinCapacity: '1', MaxCapacity: 3 }] },
    DescribeScalingPolicies: {
      ScalingPolicies: [
        { PolicyName: 'steps', ResourceId: 'service/c/s' },
        { PolicyName: 'cpu', ResourceId: 'service/c/s', TargetTrackingScalingPolicyConfiguration: tracking },
      ],
    },
  });
  const { list, complain } = complaints();
  expect(await readScaling(client, complain)).toMatchObject([{ min: 1, policies: [{ name: 'cpu', targetValue: 50 }] }]);
  expect(list.map(([resource]) => resource)).toEqual(['steps']);
});

const LB = 'arn:aws:elasticloadbalancing:r:1:loadbalancer/app/lb/1';
const listener = (port: unknown) => ({ ListenerArn: `arn:listener/${String(port)}`, Port: port, Protocol: 'HTTP' });
const rule = (arn: string, Actions: readonly object[], Priority = 'default') => ({ RuleArn: arn, Priority, Actions });
const FORWARD = [{ Type: 'forward', TargetGroupArn: 'arn:targetgroup/a/1' }];

test('a rule, a listener and a target group, each by itself; what was read before stays', async () => {
  const state = {
    rules: [rule('arn:odd', [{ Type: 'authenticate-oidc' }], '1'), rule('arn:good', FORWARD)] as unknown,
    listeners: [listener('80'), { ...listener(443), Protocol: 'GENEVE' }],
    interval: 10 as unknown,
    balancers: [
      { LoadBalancerArn: LB, LoadBalancerName: 'lb' },
      { LoadBalancerArn: 5 },
      { LoadBalancerArn: 'arn:path', LoadBalancerName: '../../x' },
    ] as readonly object[],
  };
  const elbv2 = fakeClient<never>({
    DescribeLoadBalancers: () => ({ LoadBalancers: state.balancers }),
    DescribeTargetGroups: () => ({
      TargetGroups: [
        { TargetGroupArn: 'arn:targetgroup/a/1', HealthCheckIntervalSeconds: state.interval, LoadBalancerArns: [LB] },
      ],
    }),
    DescribeListeners: () => ({ Listeners: state.listeners }),
    DescribeRules: () => {
      if (state.rules instanceof Error) throw state.rules;
      return { Rules: state.rules };
    },
    DescribeLoadBalancerAttributes: { Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: 'soon' }] },
  });
  const reader = new LoadBalancersReader({ elbv2, acm: elbv2, edsDirectory: '', tlsDirectory: '' });
  const { list, complain } = complaints();
  const [placed] = await reader.read(complain);
  expect(placed?.loadBalancer.listeners.map(({ port, rules }) => [port, rules.map(({ arn }) => arn)])).toEqual([
    [80, ['arn:good']],
  ]);
  expect(placed?.loadBalancer.targetGroups[0]?.healthCheck.intervalSeconds).toBe(10);
  expect(list.map(([resource]) => resource).sort()).toEqual(
    ['a resource without a name', 'arn:listener/443', 'arn:odd', 'arn:path', LB].sort(),
  );
  expect(reader.balancersOf('arn:targetgroup/a/1')).toEqual([LB]);

  state.rules = new Error('xml deserializer');
  state.interval = 'often';
  const after = complaints();
  expect(await reader.read(after.complain)).toEqual([placed]);
  expect(after.list).toContainEqual(['arn:listener/80', expect.stringContaining('xml deserializer')]);
});

test('a control plane that goes away while it is read is no fault of a load balancer or of a task definition', async () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { list, complain } = complaints();
  const elbv2 = fakeClient<LoadBalancerSources['elbv2']>({
    DescribeLoadBalancers: { LoadBalancers: [{ LoadBalancerArn: 'arn:lb', LoadBalancerName: 'lb' }] },
    DescribeListeners: { Listeners: [{ ListenerArn: 'arn:listener', Port: 80, Protocol: 'HTTP' }] },
    DescribeRules: gone,
  });
  const acm = fakeClient<LoadBalancerSources['acm']>({});
  const reader = new LoadBalancersReader({ elbv2, acm, edsDirectory: '', tlsDirectory: '' });
  await expect(reader.read(complain)).rejects.toBe(gone);
  const ecs = fakeClient<ECSClient>({ DescribeTaskDefinition: gone });
  await expect(readTaskDefinitions(ecs, new Set(['arn:td']), new Map(), complain)).rejects.toBe(gone);
  expect(list).toEqual([]);
});
