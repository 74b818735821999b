import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTemplate, ignoredLines, isRefused, known, refusedByAws, Template, type CheckRow } from './check.ts';
import { circleOf, danglingIn } from './references.ts';
import { warningLines } from './warnings.ts';

const root = join(import.meta.dirname, '../..');

function templatesBelow(directory: string): [string, Template][] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry): [string, Template][] => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return templatesBelow(path);
    return entry.name.endsWith('.template.json')
      ? [[path, Template.parse(JSON.parse(readFileSync(path, 'utf8')))]]
      : [];
  });
}

const refusedIn = (rows: readonly CheckRow[]) => rows.filter(isRefused);
function check(type: string, properties: Record<string, unknown>): CheckRow[] {
  return checkTemplate('Stack', Template.parse({ Resources: { It: { Type: type, Properties: properties } } }));
}

const FARGATE = { NetworkMode: 'awsvpc', RequiresCompatibilities: ['FARGATE'] };

test.each(['base-infra', 'service-a', 'service-b', 'service-c'])(
  'everything in %s is supported and there',
  (project) => {
    const templates = templatesBelow(join(root, project, 'test'));
    expect(templates.length).toBeGreaterThan(0);
    for (const [path, template] of templates) {
      expect([path, refusedIn(checkTemplate('Stack', template))]).toEqual([path, []]);
      expect([path, danglingIn(template, template), circleOf(template)]).toEqual([path, [], []]);
      expect([path, refusedByAws('Stack', known(template, {}))]).toEqual([path, []]);
    }
  },
);

test('a type that nobody makes is refused with a remedy', () => {
  expect(check('AWS::ECS::TaskSet', {})).toEqual([
    {
      stack: 'Stack',
      resource: 'It',
      type: 'AWS::ECS::TaskSet',
      property: '',
      note: 'its tasks would not be started',
      remedy: 'let ECS deploy: leave the deployment controller out',
    },
  ]);
  expect(refusedIn(check('AWS::AutoScaling::AutoScalingGroup', {}))).toHaveLength(1);
});

test.each<[string, Record<string, unknown>, string]>([
  ['AWS::ECS::Service', { LaunchType: 'EC2' }, 'LaunchType: "EC2"'],
  ['AWS::ECS::Service', { DeploymentController: { Type: 'CODE_DEPLOY' } }, 'DeploymentController.Type: "CODE_DEPLOY"'],
  ['AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['FARGATE'] }, 'NetworkMode'],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, ContainerDefinitions: [{ Name: 'app', EnvironmentFiles: [{ Value: 'x' }] }] },
    'ContainerDefinitions[app].EnvironmentFiles',
  ],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, ContainerDefinitions: [{ Name: 'app', PortMappings: [{ ContainerPort: 53, Protocol: 'sctp' }] }] },
    'ContainerDefinitions[app].PortMappings[0].Protocol: "sctp"',
  ],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, Volumes: [{ Name: 'data', EFSVolumeConfiguration: { FilesystemId: 'x' } }] },
    'Volumes[data].EFSVolumeConfiguration',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Conditions: [{ Field: 'referrer' }] },
    'Conditions[0].Field: "referrer"',
  ],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'instance' }, 'TargetType: "instance"'],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'gateway' }, 'Type: "gateway"'],
  ['AWS::ECS::Service', { SomethingNew: 1 }, 'SomethingNew'],
  ['AWS::ApplicationAutoScaling::ScalableTarget', { ServiceNamespace: 'dynamodb' }, 'ServiceNamespace: "dynamodb"'],
  [
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    { PolicyType: 'PredictiveScaling' },
    'PolicyType: "PredictiveScaling"',
  ],
])('%s %j is refused', (type, properties, path) => {
  const rows = refusedIn(check(type, properties));
  expect(rows.map(({ property }) => property)).toEqual([path]);
  expect(rows[0]?.remedy).not.toBe('');
});

const DNS = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const circuit = { Enable: true, Rollback: true };

test.each<[string, Record<string, unknown>, string]>([
  [
    'AWS::ECS::Service',
    { DeploymentConfiguration: { DeploymentCircuitBreaker: { ...circuit, ThresholdConfiguration: { Other: 1 } } } },
    'DeploymentConfiguration.DeploymentCircuitBreaker.ThresholdConfiguration.Other',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Conditions: [{ Field: 'http-request-method', HttpRequestMethodConfig: { RegexValues: ['^G'] } }] },
    'Conditions[0].HttpRequestMethodConfig.RegexValues',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Conditions: [{ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/v[0-9]', '^/(?=a)'] } }] },
    'Conditions[0].PathPatternConfig.RegexValues: ["^/v[0-9]","^/(?=a)"]',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Conditions: [{ Field: 'host-header', RegexValues: ['(a)\\1'] }] },
    'Conditions[0].RegexValues: ["(a)\\\\1"]',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Actions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Paths: '/' } }] },
    'Actions[0].RedirectConfig.Paths',
  ],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, ContainerDefinitions: [{ Name: 'app', HealthCheck: { Command: ['CMD', 'x'], Pause: 1 } }] },
    'ContainerDefinitions[app].HealthCheck.Pause',
  ],
  [
    'AWS::EC2::SecurityGroup',
    { SecurityGroupIngress: [{ IpProtocol: 'tcp', SourceSecurityGroupName: 'x' }] },
    'SecurityGroupIngress[0].SourceSecurityGroupName',
  ],
  [
    'AWS::ECS::Cluster',
    { DefaultCapacityProviderStrategy: [{ CapacityProvider: 'mine' }] },
    'DefaultCapacityProviderStrategy[0].CapacityProvider: "mine"',
  ],
])('of what is read, what is in it is looked at too: %s %j', (type, properties, path) => {
  expect(refusedIn(check(type, properties)).map(({ property }) => property)).toEqual([path]);
});

const warned = (rows: readonly CheckRow[]) =>
  rows.filter(({ isWarning }) => isWarning).map(({ property, note }) => `${property}: ${note}`);

test.each<[string, Record<string, unknown>, string]>([
  [
    'AWS::ECS::Service',
    { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } },
    'no other way out',
  ],
  [
    'AWS::ECS::Service',
    { DeploymentConfiguration: { Alarms: { Enable: true } } },
    'an alarm does not end a deployment',
  ],
  [
    'AWS::ECS::Service',
    {
      DeploymentConfiguration: {
        LifecycleHooks: [{ TargetType: 'PAUSE', TimeoutConfiguration: { TimeoutInMinutes: 5 } }],
      },
    },
    'TimeoutConfiguration: a pause ends when somebody continues it',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Conditions: [{ Field: 'source-ip', SourceIpConfig: { Values: ['203.0.113.0/24'] } }] },
    'every client outside of the VPC has one and the same public address here',
  ],
  [
    DNS,
    { LoadBalancerAttributes: [{ Key: 'routing.http.desync_mitigation_mode', Value: 'monitor' }] },
    'requests that can be read in two ways are answered with 400',
  ],
  ['AWS::Events::Rule', {}, ': it starts tasks of ECS'],
  ['AWS::Scheduler::Schedule', {}, ': it starts tasks of ECS'],
  ['AWS::Route53::RecordSet', { Failover: 'PRIMARY' }, 'Failover: the primary record answers'],
  ['AWS::Route53::RecordSetGroup', { RecordSets: [{ HealthCheckId: 'x' }] }, 'health checks of Route 53 are not made'],
  ['AWS::EC2::NatGateway', {}, ': it leads to the region’s own APIs, and tasks have no other way out'],
  ['AWS::EFS::FileSystem', {}, ': no task mounts it'],
  ['AWS::RDS::DBInstance', {}, ': nothing answers at its address'],
])('%s %j runs with a warning', (type, properties, line) => {
  const rows = check(type, properties);
  expect(refusedIn(rows)).toEqual([]);
  const found = warned(rows);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(line);
  expect(warningLines(rows)).toHaveLength(1);
  expect(ignoredLines(rows)).toEqual([]);
});

test.each([
  'AWS::IAM::Policy',
  'AWS::EC2::RouteTable',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::VPCEndpoint',
  'AWS::SQS::Queue',
  'AWS::Lambda::Permission',
  'AWS::KMS::Key',
])('%s does no harm', (type) => {
  expect(warned(check(type, {}))).toEqual([]);
  expect(ignoredLines(check(type, {}))).toHaveLength(1);
});

test('what is switched off needs no support', () => {
  const attribute = { Key: 'stickiness.enabled', Value: 'false' };
  expect(check('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetGroupAttributes: [attribute] })).toEqual([]);
  expect(check('AWS::ECS::Service', { DeploymentConfiguration: { Alarms: { Enable: false } } })).toEqual([]);
});

test('what the template leaves to the deploy is not judged', () => {
  expect(check('AWS::ECS::Service', { LaunchType: { Ref: 'Kind' } })).toEqual([]);
});

test('each kind of ignored property is listed once, with its count', () => {
  const rows = ['a', 'b'].flatMap((Name) =>
    check('AWS::ECS::TaskDefinition', { ...FARGATE, ContainerDefinitions: [{ Name, MemoryReservation: 1 }] }),
  );
  expect(ignoredLines([...rows, ...check('AWS::IAM::Role', {})])).toEqual([
    ['AWS::ECS::TaskDefinition ContainerDefinitions.MemoryReservation', '2', 'containers share the machine’s memory'],
    ['AWS::IAM::Role', '1', 'it counts for what tasks call; nobody else is judged'],
  ]);
});
