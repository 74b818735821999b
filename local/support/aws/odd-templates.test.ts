import { app, CONTAINER, type Json } from '../testing/odd-app.ts';
import { refusedLines as lines } from '../testing/check-lines.ts';

const two = (first: Json, second: Json = {}) => ({
  definition: {
    ContainerDefinitions: [
      { ...CONTAINER, ...first },
      { Name: 'two', Image: 'probe:1', ...second },
    ],
  },
});
const env = (...all: [unknown, unknown][]) => ({
  container: { Environment: all.map(([Name, Value]) => ({ Name, Value })) },
});
const mount = (ContainerPath: string, name = 'v') => ({
  container: { MountPoints: [{ SourceVolume: name, ContainerPath }] },
  definition: {
    ContainerDefinitions: [{ ...CONTAINER, MountPoints: [{ SourceVolume: name, ContainerPath }] }],
    Volumes: [{ Name: name }],
  },
});

const CONTAINERS = 'Def ContainerDefinitions';
const APP = `${CONTAINERS}[app]`;

test.each<[name: string, odd: Parameters<typeof app>[0], line: string]>([
  [
    'a negative count',
    { service: { DesiredCount: -1 } },
    'Service DesiredCount: InvalidParameterException: -1 is not between 0 and 5000',
  ],
  [
    'a count in words',
    { service: { DesiredCount: 'two' } },
    'Service DesiredCount: Properties validation failed: #/DesiredCount: expected type: Integer, found: String',
  ],
  ['half a task', { service: { DesiredCount: 1.5 } }, 'expected type: Integer, found: Double'],
  [
    'port 0',
    { container: { PortMappings: [{ ContainerPort: 0 }] } },
    `${APP}.PortMappings[0].ContainerPort: ClientException: 0 is not between 1 and 65535`,
  ],
  [
    'port 70000',
    { container: { PortMappings: [{ ContainerPort: '70000' }] } },
    'ClientException: 70000 is not between 1 and 65535',
  ],
  [
    'a port’s name in capitals',
    { container: { PortMappings: [{ ContainerPort: 80, Name: 'Web' }] } },
    'the port name Web is none',
  ],
  [
    'a variable without a name',
    env(['', 'x']),
    `${APP}.Environment[0].Name: ClientException: the name of an environment variable is empty`,
  ],
  ['a variable with =', env(['A=B', 'x']), 'has = or a NUL'],
  ['a variable with a NUL', env(['N', 'a\0b']), `${APP}.Environment[0].Value: ClientException: the value has a NUL`],
  ['a large environment', env(['BIG', 'x'.repeat(70_000)]), "Max allowed length is '65536' bytes."],
  [
    'a variable and secret of one name',
    {
      container: { Environment: [{ Name: 'A', Value: '1' }], Secrets: [{ Name: 'A', ValueFrom: 'x' }] },
      definition: {},
    },
    'The secret name must be unique',
  ],
  [
    'no containers',
    { definition: { ContainerDefinitions: [] } },
    `${CONTAINERS}: ClientException: Container list cannot be empty.`,
  ],
  [
    'containers that are no list',
    { definition: { ContainerDefinitions: { Name: 'app' } } },
    'expected type: JSONArray, found: JSONObject',
  ],
  [
    'one container twice',
    { definition: { ContainerDefinitions: [CONTAINER, CONTAINER] } },
    `${CONTAINERS}: ClientException: Container names must be unique within a Task Definition: app`,
  ],
  [
    'a container that is a path',
    { container: { Name: '../../evil' } },
    'ClientException: Container.name contains invalid characters',
  ],
  ['a container of dots', { container: { Name: '..' } }, 'ClientException: Container.name contains invalid characters'],
  [
    'a service that is a path',
    { service: { ServiceName: '../../x' } },
    'Service ServiceName: InvalidParameterException: ../../x is no service name',
  ],
  [
    'a family that is a path',
    { definition: { Family: '../../x' } },
    'Def Family: ClientException: Family contains invalid characters',
  ],
  [
    'a cluster that is a path',
    { more: { Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: '../x' } } } },
    'Cluster ClusterName: ',
  ],
  ['a volume that is a path', mount('/v', '../x'), 'ClientException: Volume.name contains invalid characters'],
  [
    'resources in a circle',
    {
      more: {
        Vpc: {
          Type: 'AWS::EC2::VPC',
          Properties: { CidrBlock: '10.9.0.0/16', Tags: [{ Key: 'k', Value: { Ref: 'Subnet' } }] },
        },
      },
    },
    'ValidationError: Circular dependency between resources: [Vpc, Subnet]',
  ],
  [
    'a resource that waits for itself',
    { svc: { DependsOn: 'Service' } },
    'Circular dependency between resources: [Service]',
  ],
  [
    'a resource that waits for nobody',
    { svc: { DependsOn: 'Nope' } },
    'Service DependsOn: Template format error: Unresolved resource dependencies [Nope] in',
  ],
  [
    'a container that waits for itself',
    { container: { DependsOn: [{ ContainerName: 'app', Condition: 'START' }] } },
    'containers depend on each other in a circle: app → app',
  ],
  [
    'containers in a circle',
    two({ DependsOn: [{ ContainerName: 'two', Condition: 'START' }] }, { VolumesFrom: [{ SourceContainer: 'app' }] }),
    'in a circle: app → two → app',
  ],
  [
    'a container that waits for nobody',
    { container: { DependsOn: [{ ContainerName: 'x', Condition: 'START' }] } },
    "Cannot depend on container + 'x' because it does not exist",
  ],
  [
    'an unknown condition',
    two({ DependsOn: [{ ContainerName: 'two', Condition: 'SOMETIMES' }] }),
    'SOMETIMES is not a valid enum value',
  ],
  [
    'a wait for health that nobody checks',
    two({ DependsOn: [{ ContainerName: 'two', Condition: 'HEALTHY' }] }),
    'A dependency container with HEALTHY condition must have health check configured: two',
  ],
  [
    'a wait for the end of an essential container',
    two({ DependsOn: [{ ContainerName: 'two', Condition: 'SUCCESS' }] }),
    'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container: two',
  ],
  ['no essential container', { container: { Essential: false } }, "doesn't have any essential container"],
  [
    'an attribute that nobody has',
    env(['D', { 'Fn::GetAtt': ['Vpc', 'Nope'] }]),
    'Template error: resource Vpc does not support attribute type Nope in Fn::GetAtt',
  ],
  [
    'a choice beyond the list',
    env(['D', { 'Fn::Select': [9, ['a']] }]),
    'Template error: Fn::Select cannot select nonexistent value at index 9',
  ],
  [
    'subnets on top of each other',
    { more: { B: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.9.0.128/25' } } } },
    "B CidrBlock: InvalidSubnet.Conflict: The CIDR '10.9.0.128/25' conflicts with another subnet",
  ],
  ['a range that is none', { subnet: '10.300.0.0/24' }, 'Subnet CidrBlock: '],
  ['a range of five parts', { vpc: '10.0.0.0.0/16' }, 'Vpc CidrBlock: '],
  [
    'a subnet outside its VPC',
    { subnet: '192.168.7.0/24' },
    "InvalidSubnet.Range: The CIDR '192.168.7.0/24' is invalid.",
  ],
  ['a subnet of two addresses', { subnet: '10.9.0.0/31' }, "InvalidSubnet.Range: The CIDR '10.9.0.0/31' is invalid."],
  [
    'a VPC at loopback',
    { vpc: '127.0.0.0/16', subnet: '127.0.0.0/24' },
    "InvalidVpc.Range: The CIDR '127.0.0.0/16' is invalid.",
  ],
  ['a VPC of everything', { vpc: '0.0.0.0/0' }, "InvalidVpc.Range: The CIDR '0.0.0.0/0' is invalid."],
  [
    'ports from high to low',
    { rule: { FromPort: 9000, ToPort: 80 } },
    'Open SecurityGroupIngress[0].FromPort: InvalidParameterValue: Invalid TCP/UDP port range(9000:80)',
  ],
  ['ports beyond the last', { rule: { ToPort: 99_999 } }, 'TCP/UDP (to) port (99999) out of range'],
  ['a range of words', { rule: { CidrIp: 'everyone' } }, 'Open SecurityGroupIngress[0].CidrIp: '],
  [
    'a range with a line of its own',
    { rule: { CidrIp: '10.0.0.0/8\n-A FORWARD -j ACCEPT' } },
    String.raw`[10.0.0.0/8\n-A FORWARD -j ACCEPT]`,
  ],
  [
    'a protocol with options',
    { rule: { IpProtocol: 'tcp -j ACCEPT' } },
    "Invalid value 'tcp -j ACCEPT' for IP protocol. Unknown protocol.",
  ],
  ['a user below 0', { container: { User: '-1' } }, `${APP}.User: ClientException: -1 is no user`],
  ['a user beyond the last', { container: { User: '99999999999' } }, '99999999999 is no user'],
  [
    'a directory from nowhere',
    { container: { WorkingDirectory: '../../tmp' } },
    "the working directory '../../tmp' is invalid, it needs to be an absolute path",
  ],
  [
    'a long goodbye',
    { container: { StopTimeout: 3_000_000 } },
    `${APP}.StopTimeout: ClientException: 3000000 is not between 0 and 120`,
  ],
  [
    'a limit that is none',
    { container: { Ulimits: [{ Name: 'pid', SoftLimit: 1, HardLimit: 1 }] } },
    'pid is not a valid enum value',
  ],
  [
    'a soft limit above the hard one',
    { container: { Ulimits: [{ Name: 'nofile', SoftLimit: 2000, HardLimit: 10 }] } },
    'ulimit soft limit must be less than or equal to hard limit',
  ],
  [
    'a check without a pause',
    { container: { HealthCheck: { Command: ['CMD', '/probe'], Interval: 0 } } },
    `${APP}.HealthCheck.Interval: ClientException: 0 is not between 5 and 300`,
  ],
  [
    'a check of nothing',
    { container: { HealthCheck: { Command: ['CMD'] } } },
    `${APP}.HealthCheck.Command: ClientException: `,
  ],
  ['a mount over /proc', mount('/proc/1'), '/proc/1 is of the kernel'],
  ['a mount over everything', mount('/'), "destination can't be '/'"],
  ['a mount at no place', mount('v'), 'mount path must be absolute'],
  [
    'a mount of a volume that is not there',
    { container: { MountPoints: [{ SourceVolume: 'x', ContainerPath: '/v' }] } },
    "Unknown volume 'x'.",
  ],
  [
    'options of a tmpfs that are none',
    { container: { LinuxParameters: { Tmpfs: [{ ContainerPath: '/t', Size: 1, MountOptions: ['size=100%,dev'] }] } } },
    'size=100%,dev is no mount option of a tmpfs',
  ],
  [
    'a tmpfs below nothing',
    { container: { LinuxParameters: { Tmpfs: [{ ContainerPath: '/t', Size: -5 }] } } },
    '-5 is not 1 or more',
  ],
  ['no image', { container: { Image: '' } }, 'ClientException: Container.image should not be null or empty.'],
  ['an image that is a path', { container: { Image: '../../x:1' } }, 'image "../../x:1" is no reference'],
  [
    'a deployment that can’t move',
    { service: { DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 100 } } },
    'Both maximumPercent and minimumHealthyPercent cannot be 100',
  ],
  [
    'shares below nothing',
    { service: { DeploymentConfiguration: { MinimumHealthyPercent: -50 } } },
    '-50 is not between 0 and 100',
  ],
  [
    'no subnets',
    { service: { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [] } } } },
    'InvalidParameterException: subnets can not be empty.',
  ],
  [
    'a subnet that is none',
    { service: { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-nope'] } } } },
    '[subnet-nope] is not a valid AWS::EC2::Subnet.Id',
  ],
  [
    'no network',
    { service: { NetworkConfiguration: undefined } },
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  ],
  [
    'two services of one name',
    { more: { Two: app({}).Resources.Service } },
    'Two ServiceName: InvalidParameterException: Creation of service was not idempotent.',
  ],
  [
    'a target that no container has',
    { service: { LoadBalancers: [{ ContainerName: 'app', ContainerPort: 81, TargetGroupArn: 'x' }] } },
    'The container app did not have a container port 81 defined.',
  ],
  [
    'sizes that do not go together',
    { definition: { Memory: '8192' } },
    'No Fargate configuration exists for given values: 256 CPU, 8192 memory.',
  ],
  [
    'no size',
    { definition: { Cpu: undefined } },
    "Def Cpu: ClientException: Fargate requires that 'cpu' be defined at the task level.",
  ],
  ['a property that is none', { service: { Nope: 1 } }, 'extraneous key [Nope] is not permitted'],
  ['null', { service: { ServiceName: null } }, "'null' values are not allowed in templates"],
  ['a type that is none', { more: { X: { Type: 'AWS::Nope::Nope' } } }, 'X : the control plane does not know the type'],
  [
    'a sub-property that nothing reads',
    {
      service: {
        DeploymentConfiguration: { EarlySuccessCriteria: { Enable: true } },
      },
    },
    'Service DeploymentConfiguration.EarlySuccessCriteria: ',
  ],
])('%s', (_, odd, line) => {
  const found = lines(JSON.stringify(app(odd)));
  expect(found.filter((one) => one.includes(line))).toHaveLength(1);
});

test.each<[name: string, odd: Parameters<typeof app>[0]]>([
  ['nothing odd', {}],
  [
    'numbers and truths as text',
    {
      service: { DesiredCount: '2', EnableExecuteCommand: 'True' },
      container: { Essential: 'true', PortMappings: [{ ContainerPort: '3000' }] },
      rule: { IpProtocol: 6, FromPort: '80', ToPort: '90' },
    },
  ],
  ['text as numbers and truths', env(['N', 5], ['B', true])],
  ['one variable twice', env(['N', '1'], ['N', '2'])],
  ['bits below the prefix', { subnet: '10.9.0.77/24' }],
  ['more tasks than addresses', { subnet: '10.9.0.0/28', service: { DesiredCount: 20 } }],
  ['names of objects’ own', env(['__proto__', 'x'], ['constructor', 'y'])],
  ['a directory that is made', { container: { WorkingDirectory: '/not/there', User: 'nobody' } }],
  ['a path with dots below the root', mount('/../../tmp/up')],
  ['what is known at the deploy', { service: { DesiredCount: { 'Fn::GetAtt': ['Cluster', 'Arn'] } } }],
  [
    'functions in functions',
    env(['D', Array.from({ length: 90 }).reduce<unknown>((value) => ({ 'Fn::Join': ['', [value]] }), 'x')]),
  ],
])('%s is taken', (_, odd) => {
  expect(lines(JSON.stringify(app(odd)))).toEqual([]);
});

const CLUSTER = '{ Type: AWS::ECS::Cluster }';
test.each([
  ['nothing', '', 'Template format error: unsupported structure.'],
  ['null', 'null', 'Template format error: unsupported structure.'],
  ['a list', '[1, 2]', 'Template format error: unsupported structure.'],
  ['bytes', '\0\u0001\u0002{', 'Template format error: '],
  ['half a template', '{"Resources": {', 'Template format error: '],
  [
    'a section that is none',
    `{"Extras": {}, "Resources": {"A": ${CLUSTER}}}`,
    'Invalid template property or properties [Extras]',
  ],
  [
    'resources that are a list',
    '{"Resources": [1]}',
    'Template format error: Any Resources member must be a JSON object.',
  ],
  ['no resources', '{"Resources": {}}', 'Template format error: At least one Resources member must be defined.'],
  [
    'a resource without a type',
    'Resources: { A: { Properties: {} } }',
    'Every Resources object must contain a Type member.',
  ],
  [
    'a type that is a number',
    'Resources: { A: { Type: 5 } }',
    '[/Resources/A] Every Resources object must contain a Type member.',
  ],
  [
    'properties that are a list',
    'Resources: { A: { Type: AWS::ECS::Cluster, Properties: [a] } }',
    'Any Properties member must be a JSON object.',
  ],
  ['one name twice', `Resources:\n  A: ${CLUSTER}\n  A: ${CLUSTER}\n`, 'Map keys must be unique'],
  [
    'a name of signs',
    `Resources: { "a-b": ${CLUSTER} }`,
    'Template format error: Resource name a-b is non alphanumeric.',
  ],
  [
    'a name of objects’ own',
    `{"Resources": {"__proto__": {"Type": "AWS::ECS::Cluster"}}}`,
    'Resource name __proto__ is non alphanumeric.',
  ],
  ['an alias', `Resources:\n  A: &a ${CLUSTER}\n  B: *a\n`, 'YAML aliases are not allowed in CloudFormation templates'],
  [
    'an alias of itself',
    'Resources: &r\n  A: { Type: AWS::ECS::Cluster, Properties: *r }\n',
    'YAML aliases are not allowed',
  ],
  ['a short form that is none', `Resources:\n  A: { Type: !Nope x }\n`, 'Unresolved tag: !Nope'],
  [
    'aliases of aliases',
    `a: &a [x, x]\n${'bcdefghij'
      .split('')
      .map(
        (name, index) =>
          `${name}: &${name} [${'*abcdefghi'.charAt(0)}${'abcdefghi'.charAt(index)}, *${'abcdefghi'.charAt(index)}]`,
      )
      .join('\n')}\n`,
    'YAML aliases are not allowed',
  ],
  [
    'brackets in brackets',
    `{"Resources": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    'it is nested more than 500 deep',
  ],
  ['lists in lists', `Resources:\n${'- '.repeat(20_000)}a`, 'it is nested more than 500 deep'],
  [
    'too many resources',
    `{"Resources": {${Array.from({ length: 501 }, (_, index) => `"L${index}": {"Type": "AWS::Logs::LogGroup"}`).join(',')}}}`,
    'Number of resources, 501, is greater than maximum allowed, 500',
  ],
  ['a large template', `{"Description": "${'x'.repeat(1_000_000)}"}`, 'Template may not exceed 1000000 bytes in size.'],
])('a template that is %s', (_, text, line) => {
  const found = lines(text);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`Complaint odd is no template: `);
  expect(found[0]).toContain(line);
});
