import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkTemplate, ignoredLines, Template, type CheckRow } from './check.ts';
import { danglingIn } from './references.ts';

const root = join(__dirname, '../..');

function templatesBelow(directory: string): [string, Template][] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry): [string, Template][] => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return templatesBelow(path);
    return entry.name.endsWith('.template.json')
      ? [[path, Template.parse(JSON.parse(readFileSync(path, 'utf8')))]]
      : [];
  });
}

const refusedIn = (rows: readonly CheckRow[]) => rows.filter(({ remedy }) => remedy !== undefined);
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
      expect([path, danglingIn(template, template)]).toEqual([path, []]);
    }
  },
);

test('a type that nobody makes is refused with a remedy', () => {
  expect(check('AWS::Batch::JobQueue', {})).toEqual([
    {
      stack: 'Stack',
      resource: 'It',
      type: 'AWS::Batch::JobQueue',
      property: '',
      note: 'the control plane does not know the type',
      remedy: 'leave it out locally, with a context value of the app',
    },
  ]);
  expect(refusedIn(check('Custom::Thing', {}))).toHaveLength(1);
  expect(refusedIn(check('AWS::AutoScaling::AutoScalingGroup', {}))).toHaveLength(1);
});

test.each<[string, Record<string, unknown>, string]>([
  ['AWS::ECS::Service', { LaunchType: 'EC2' }, 'LaunchType: "EC2"'],
  ['AWS::ECS::Service', { ServiceRegistries: [{ RegistryArn: 'x' }] }, 'ServiceRegistries'],
  ['AWS::ECS::Service', { DeploymentController: { Type: 'CODE_DEPLOY' } }, 'DeploymentController.Type: "CODE_DEPLOY"'],
  ['AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['FARGATE'] }, 'NetworkMode'],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, ContainerDefinitions: [{ Name: 'app', EnvironmentFiles: [{ Value: 'x' }] }] },
    'ContainerDefinitions[app].EnvironmentFiles',
  ],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, ContainerDefinitions: [{ Name: 'app', PortMappings: [{ ContainerPort: 53, Protocol: 'udp' }] }] },
    'ContainerDefinitions[app].PortMappings[0].Protocol: "udp"',
  ],
  [
    'AWS::ECS::TaskDefinition',
    { ...FARGATE, Volumes: [{ Name: 'data', EFSVolumeConfiguration: { FilesystemId: 'x' } }] },
    'Volumes[data].EFSVolumeConfiguration',
  ],
  [
    'AWS::ElasticLoadBalancingV2::ListenerRule',
    { Conditions: [{ Field: 'source-ip' }] },
    'Conditions[0].Field: "source-ip"',
  ],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'instance' }, 'TargetType: "instance"'],
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network' }, 'Type: "network"'],
  ['AWS::ECS::Service', { SomethingNew: 1 }, 'SomethingNew'],
  ['AWS::ApplicationAutoScaling::ScalableTarget', { ServiceNamespace: 'dynamodb' }, 'ServiceNamespace: "dynamodb"'],
  ['AWS::ApplicationAutoScaling::ScalingPolicy', { PolicyType: 'StepScaling' }, 'PolicyType: "StepScaling"'],
])('%s %j is refused', (type, properties, path) => {
  const rows = refusedIn(check(type, properties));
  expect(rows.map(({ property }) => property)).toEqual([path]);
  expect(rows[0]?.remedy).not.toBe('');
});

test('what is switched off needs no support', () => {
  const attribute = { Key: 'stickiness.enabled', Value: 'false' };
  expect(check('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetGroupAttributes: [attribute] })).toEqual([]);
  expect(check('AWS::ECS::Service', { DeploymentConfiguration: { Alarms: { Enable: false } } })).toEqual([]);
});

test('what the template leaves to the deploy is not judged', () => {
  expect(check('AWS::ECS::Service', { LaunchType: { Ref: 'Kind' } })).toEqual([]);
});

test('what is ignored is said once for each kind, with how often it is there', () => {
  const rows = ['a', 'b'].flatMap((Name) =>
    check('AWS::ECS::TaskDefinition', { ...FARGATE, ContainerDefinitions: [{ Name, Cpu: 1 }] }),
  );
  expect(ignoredLines([...rows, ...check('AWS::IAM::Role', {})])).toEqual([
    ['AWS::ECS::TaskDefinition ContainerDefinitions.Cpu', '2', 'containers share the machine’s processors'],
    ['AWS::IAM::Role', '1', 'permissions are not enforced'],
  ]);
});
