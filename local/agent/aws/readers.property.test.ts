/** Whatever the APIs and files have: a whole value, or one clear complaint. */
import { z } from 'zod';
import { OrdersSchema } from '../../region/orders.ts';
import { FUZZ_TIMEOUT_MS, fuzz, mutated, numbersIn } from '../../testing/fuzz.ts';
import { changed } from '../testing/odd-values.ts';
import { oneLine } from '../../region/one-line.ts';
import { TargetGroupShape } from '../../aws-shapes/load-balancer.ts';
import { IdleTimeout } from '../../aws-shapes/load-balancer-attributes.ts';
import { narrowSecurityGroups, Permission, SubnetSchema } from './read-network.ts';
import { Policy, Target } from '../../aws-shapes/scaling.ts';
import { narrowService } from './read-services.ts';
import { narrowTaskDefinition } from './read-task-definition.ts';

const ARN = 'arn:aws:ecs:eu-west-1:000000000000:task-definition/web:7';
const TASK_DEFINITION = {
  taskDefinitionArn: ARN,
  family: 'web',
  revision: 7,
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    {
      name: 'web',
      image: 'web:1',
      stopTimeout: 5,
      environment: [{ name: 'A', value: 'b' }],
      portMappings: [{ name: 'http', containerPort: 8080, appProtocol: 'http' }],
      healthCheck: { command: ['CMD', 'true'], interval: 5 },
      dependsOn: [{ containerName: 'x', condition: 'START' }],
    },
    { name: 'x', image: 'x:1' },
  ],
};
const SERVICE = {
  serviceArn: 'arn:service',
  serviceName: 'web',
  clusterArn: 'arn:cluster',
  status: 'ACTIVE',
  desiredCount: 2,
  deploymentConfiguration: { minimumHealthyPercent: 50, strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 },
  loadBalancers: [{ targetGroupArn: 'arn:group', containerName: 'web', containerPort: 80 }],
  deployments: [
    {
      id: 'd',
      status: 'PRIMARY',
      taskDefinition: ARN,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } },
      serviceConnectConfiguration: {
        enabled: true,
        namespace: 'n',
        services: [
          {
            portName: 'http',
            clientAliases: [{ port: 80, dnsName: 'web' }],
            timeout: { idleTimeoutSeconds: 1, perRequestTimeoutSeconds: 1 },
          },
        ],
      },
    },
  ],
};
const POLICY = {
  PolicyName: 'p',
  ResourceId: 'service/c/s',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 50,
    ScaleOutCooldown: 60,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget', ResourceLabel: 'a/b/c/d/e/f' },
  },
};
const ORDERS = {
  faults: { web: { abort: { status: 503, percent: 10 }, delay: { milliseconds: 5, percent: 1 } } },
  lostZones: ['a'],
  minuteSeconds: 1,
  ejectionSeconds: 2,
};
const PERMISSION = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '10.0.0.0/16' }] };

const READERS: readonly (readonly [string, object, (raw: unknown) => unknown])[] = [
  ['task definition', TASK_DEFINITION, (raw) => narrowTaskDefinition(ARN, raw)],
  ['service', SERVICE, narrowService],
  ['scaling policy', POLICY, (raw) => Policy.parse(raw)],
  ['scalable target', { ResourceId: 'service/c/s', MinCapacity: 1, MaxCapacity: 3 }, (raw) => Target.parse(raw)],
  ['orders', ORDERS, (raw) => OrdersSchema.parse(raw)],
  ['target group', { TargetGroupArn: 'arn:group', HealthCheckPort: '81' }, (raw) => TargetGroupShape.parse(raw)],
  ['permission', PERMISSION, (raw) => Permission.parse(raw)],
  [
    'security group',
    { GroupId: 'g', IpPermissions: [PERMISSION] },
    (raw) => narrowSecurityGroups([raw], () => undefined),
  ],
  [
    'subnet',
    { SubnetId: 's', VpcId: 'v', CidrBlock: '10.0.1.0/24', AvailabilityZone: 'a' },
    (raw) => SubnetSchema.parse(raw),
  ],
];

test.each(READERS)('a %s as it should be is read', (_, good, read) => {
  expect(read(good)).toMatchObject({});
});

test.each(READERS)(
  'a %s with something odd in it',
  (_, good, read) => {
    fuzz(mutated([good]), (raw) => {
      try {
        expect(numbersIn(read(raw)).every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(z.ZodError);
        expect(oneLine(error)).toMatch(/^[^\n]+$/);
      }
    });
  },
  FUZZ_TIMEOUT_MS,
);

test.each([
  ['256', '512', 256, 512],
  ['1 vCPU', '2 GB', 1024, 2048],
  ['.25vcpu', '0.5GB', 256, 512],
])('a task of %s and %s', (cpu, memory, units, memoryMiB) => {
  const read = narrowTaskDefinition(ARN, { ...TASK_DEFINITION, cpu, memory });
  expect(read).toMatchObject({ cpu: units, memoryMiB, unsupported: [] });
});

test.each(['much', '.', '0', '1e3', '2 GB', ''])('cpu "%s" is unsupported, and nothing else is held up', (cpu) => {
  const { family, revision, unsupported } = narrowTaskDefinition(ARN, { ...TASK_DEFINITION, cpu });
  expect([family, revision, unsupported]).toEqual(['web', 7, [expect.stringContaining(`"${cpu}" is no size`)]]);
});

test.each(['10.0.0.0', '10.0.0.0/33', '::/0', '0.0.0.0/0 -j ACCEPT'])('%s is no CIDR for iptables', (CidrIp) => {
  const IpPermissions = [{ ...PERMISSION, IpRanges: [{ CidrIp }] }];
  const complaints: string[] = [];
  const [group] = narrowSecurityGroups([{ GroupId: 'g', IpPermissions }], (_, message) => complaints.push(message));
  expect(group?.ingress).toEqual([]);
  expect(complaints).toEqual([expect.stringContaining(`"${CidrIp}" is no IPv4 CIDR: write it like`)]);
});

test.each<[odd: object, complaint: string]>([
  [{ FromPort: 9000, ToPort: 80 }, '9000 to 80 is no range of ports from low to high'],
  [{ FromPort: -1, ToPort: 80 }, '-1 to 80 is no range of ports from low to high'],
  [{ IpProtocol: 'constructor' }, 'security group protocol constructor is not supported'],
  [{ IpProtocol: 'tcp -j ACCEPT' }, 'security group protocol tcp -j ACCEPT is not supported'],
  [{ ToPort: 99_999 }, 'expected number to be <=65535'],
])('a rule with %j lets nothing through, and the others of its group do', (odd, complaint) => {
  const complaints: string[] = [];
  const IpPermissions = [{ ...PERMISSION, ...odd }, PERMISSION];
  const [group] = narrowSecurityGroups([{ GroupId: 'g', IpPermissions }], (_, message) => complaints.push(message));
  expect(group?.ingress).toHaveLength(1);
  expect(complaints).toEqual([expect.stringContaining(complaint)]);
});

test.each([-1, 5001, 1e15, 1.5])('a service of %d tasks is not read', (desiredCount) => {
  expect(() => narrowService({ ...SERVICE, desiredCount })).toThrow('desiredCount');
});

test('a target of more tasks than a service has, or of nothing, scales nothing', () => {
  expect(Target.safeParse({ ResourceId: 'service/c/s', MinCapacity: 3, MaxCapacity: 1e9 }).success).toBe(false);
  const odd = { ...POLICY.TargetTrackingScalingPolicyConfiguration, TargetValue: 0 };
  expect(Policy.safeParse({ ...POLICY, TargetTrackingScalingPolicyConfiguration: odd }).success).toBe(false);
});

test.each<[odd: object, complaint: string]>([
  [{ healthCheck: { command: ['CMD', 'true'], interval: 0 } }, 'expected number to be >=1'],
  [{ stopTimeout: 3_000_000 }, 'expected number to be <=120'],
  [{ memory: -5 }, 'expected number to be >=0'],
  [{ ulimits: [{ name: 'pid', softLimit: 1, hardLimit: 1 }] }, 'ulimits[0].name'],
  [{ environment: [{ name: 'A=B', value: 'x' }] }, 'has no ='],
  [{ environment: [{ name: 'A', value: 'a\0b' }] }, 'a NUL ends it'],
  [{ dependsOn: [{ containerName: 'x', condition: 'SOMETIMES' }] }, 'dependsOn[0].condition'],
  [{ dependsOn: [{ containerName: 'web', condition: 'START' }] }, 'in a circle: web -> web'],
])('a container with %j is unsupported, with a line that says why', (odd, complaint) => {
  const [first, ...rest] = TASK_DEFINITION.containerDefinitions;
  const raw = { ...TASK_DEFINITION, containerDefinitions: [{ ...first, ...odd }, ...rest] };
  expect(narrowTaskDefinition(ARN, raw).unsupported.join('; ')).toContain(complaint);
});

test.each(['a b', 'a\n127.0.0.1 b', '#', '-a', ''])('%j is no name for a hosts file', (dnsName) => {
  const at = [7, 0, 4, 2, 0, 1, 0, 1];
  const odd = changed(SERVICE, at, dnsName);
  expect(JSON.stringify(odd)).toContain(`"dnsName":${JSON.stringify(dnsName)}`);
  expect(() => narrowService(odd)).toThrow('is no DNS name');
});

test.each(['', 'NaN', '0', '4001', '1.5', '-1'])('idle timeout %j', (value) => {
  expect(IdleTimeout.safeParse(value).success).toBe(false);
});

test.each([
  ['', 'is neither traffic-port nor 1 to 65535'],
  ['http', '"http" is neither traffic-port nor'],
  ['0', 'expected number to be >=1 → at HealthCheckPort'],
  ['65536', 'expected number to be <=65535 → at HealthCheckPort'],
])('health check port %j', (HealthCheckPort, complaint) => {
  const { error } = TargetGroupShape.safeParse({ TargetGroupArn: 'arn:group', HealthCheckPort });
  expect(oneLine(error)).toContain(complaint);
});
