import { containerDefinition } from '../../testing/container-definition.ts';
import { fakePlan } from '../../testing/fake-task.ts';
import { definition } from '../../testing/region-state.ts';
import { askedFor } from './asked-for.ts';
import { containerStats, trafficIn, type Reading } from './container-stats.ts';
import { taskEnvironment } from './environment.ts';
import { containerId, credentialsId } from './ids.ts';
import { containerMetadata, taskMetadata, type SeenTask } from './metadata.ts';

const app = containerDefinition({
  logs: { group: '/ecs/app', streamPrefix: 'app', createGroup: false },
  memoryMiB: 128,
  healthCheck: { command: ['CMD', 'x'], intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startPeriodSeconds: 0 },
});
const plan = fakePlan({
  id: '0123456789abcdef0123456789abcdef',
  arn: 'arn:aws:ecs:us-east-1:000000000000:task/c/0123456789abcdef0123456789abcdef',
  taskDefinition: { ...definition('http'), containers: [app, containerDefinition({ name: 'other' })] },
});
const withRole = { ...plan, taskDefinition: { ...plan.taskDefinition, taskRoleArn: 'arn:aws:iam::0:role/r' } };

const seen: SeenTask = {
  plan,
  status: 'RUNNING',
  wanted: true,
  pullStartedAt: 0,
  pullStoppedAt: undefined,
  containers: new Map([
    ['app', { running: true, startedAt: 1_000, exitCode: undefined, healthStatus: 'HEALTHY' }],
    ['other', { running: false, startedAt: 2_000, exitCode: 137, healthStatus: 'UNKNOWN' }],
  ]),
  imageIds: new Map([['app', 'sha256:1']]),
  macAddress: '02:00:00:00:00:01',
  nameServers: ['10.0.0.2'],
  searchList: [],
  usedMiB: 3,
};

test('every container has addresses of its own, and credentials only with a task role', () => {
  const own = taskEnvironment(plan, 'app', 'eu-west-1');
  expect(own).toEqual({
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: 'http://203.0.113.20:443',
    ECS_CONTAINER_METADATA_URI: `http://169.254.170.2/v3/${containerId(plan, 'app')}`,
    ECS_CONTAINER_METADATA_URI_V4: `http://169.254.170.2/v4/${containerId(plan, 'app')}`,
  });
  expect(containerId(plan, 'app')).toMatch(/^0123456789abcdef0123456789abcdef-\d{10}$/);
  expect(containerId(plan, 'other')).not.toBe(containerId(plan, 'app'));
  expect(taskEnvironment(withRole, 'app', 'eu-west-1')['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']).toMatch(
    /^\/v2\/credentials\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
});

test.each([
  ['/v4/1-2', { kind: 'container', containerId: '1-2' }],
  ['/v3/1-2/', { kind: 'container', containerId: '1-2' }],
  ['/v4/1-2/task', { kind: 'task', containerId: '1-2' }],
  ['/v4/1-2/taskWithTags?x=1', { kind: 'task', containerId: '1-2' }],
  ['/v4/1-2/stats', { kind: 'stats', containerId: '1-2' }],
  ['/v4/1-2/task/stats', { kind: 'taskStats', containerId: '1-2' }],
  [`/v2/credentials/${credentialsId(plan)}`, { kind: 'credentials', credentialsId: credentialsId(plan) }],
  ['/v4/1-2/other', undefined],
  ['/v4/', undefined],
  ['/', undefined],
])('%s asks for %j', (url, kind) => {
  expect(askedFor(url)).toEqual(kind);
});

test('a container says what it is, where it is, and how it is', () => {
  expect(containerMetadata(seen, app)).toMatchObject({
    DockerId: containerId(plan, 'app'),
    Name: 'app',
    ImageID: 'sha256:1',
    Labels: { 'com.amazonaws.ecs.task-arn': plan.arn, 'com.amazonaws.ecs.task-definition-version': '1' },
    DesiredStatus: 'RUNNING',
    KnownStatus: 'RUNNING',
    Health: { status: 'HEALTHY' },
    Limits: { CPU: 0, Memory: 128 },
    StartedAt: '1970-01-01T00:00:01.000Z',
    LogDriver: 'awslogs',
    LogOptions: { 'awslogs-region': 'us-east-1', 'awslogs-stream': `app/app/${plan.id}` },
    Networks: [
      {
        NetworkMode: 'awsvpc',
        IPv4Addresses: ['10.0.1.4'],
        MACAddress: '02:00:00:00:00:01',
        IPv4SubnetCIDRBlock: '10.0.1.0/28',
        DomainNameServers: ['10.0.0.2'],
        PrivateDNSName: 'ip-10-0-1-4.ec2.internal',
        SubnetGatewayIpv4Address: '10.0.1.1/28',
      },
    ],
  });
});

test('a task has all its containers, those that ended and those to come', () => {
  const notYet = { ...seen, containers: new Map([...seen.containers].filter(([name]) => name === 'other')) };
  expect(taskMetadata(notYet)).toMatchObject({
    TaskARN: plan.arn,
    Revision: '1',
    KnownStatus: 'RUNNING',
    Limits: { CPU: 1, Memory: 2048 },
    LaunchType: 'FARGATE',
    AvailabilityZone: 'us-east-1a',
    EphemeralStorageMetrics: { Utilized: 3, Reserved: 20_480 },
    Containers: [
      { Name: 'app', KnownStatus: 'PULLED', Health: { status: 'UNKNOWN' } },
      { Name: 'other', KnownStatus: 'STOPPED', ExitCode: 137 },
    ],
  });
});

const DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
  eth0:    1476      10    1    2    0     0          0         0      966       9    3    4    0     0       0          0
`;

test('stats have what was counted, and what had been counted before', () => {
  const network = trafficIn(DEV, 'eth0');
  expect(network).toEqual({
    rx: { bytes: 1476, packets: 10, errors: 1, dropped: 2 },
    tx: { bytes: 966, packets: 9, errors: 3, dropped: 4 },
  });
  const now: Reading = {
    ...{ at: 3_000, cpuNanoseconds: 5e9, userNanoseconds: 4e9, systemNanoseconds: 1e9, machineNanoseconds: 9e9 },
    ...{ processors: 2, memoryBytes: 1024, memoryLimitBytes: undefined, processes: 3, network },
  };
  const before = { ...now, at: 1_000, cpuNanoseconds: 4e9, network: trafficIn('', 'eth0') };
  expect(containerStats('id', 'app', now, before)).toMatchObject({
    read: '1970-01-01T00:00:03.000Z',
    preread: '1970-01-01T00:00:01.000Z',
    cpu_stats: { cpu_usage: { total_usage: 5e9 }, system_cpu_usage: 9e9, online_cpus: 2 },
    precpu_stats: { cpu_usage: { total_usage: 4e9 } },
    networks: { eth0: { rx_bytes: 1476, tx_dropped: 4 } },
    network_rate_stats: { rx_bytes_per_sec: 738, tx_bytes_per_sec: 483 },
  });
  expect(containerStats('id', 'app', now, undefined)).toMatchObject({
    precpu_stats: { cpu_usage: { total_usage: 0 } },
    network_rate_stats: { rx_bytes_per_sec: 0 },
  });
});
