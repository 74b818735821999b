/** What the APIs behind a template refuse is a line before anything starts: names, limits, and what does not go together. */
import { CONTAINER, app, type Json } from '../testing/odd-app.ts';
import { refusedLines } from '../testing/check-lines.ts';

type Odd = Parameters<typeof app>[0];
const lines = (odd: Odd): string[] => refusedLines(JSON.stringify(app(odd)));

const one = (Type: string, Properties: Json): Odd => ({ more: { X: { Type, Properties } } });
const twice = (Type: string, Properties: Json): Odd => ({ more: { X: { Type, Properties }, Y: { Type, Properties } } });
const ELB = 'AWS::ElasticLoadBalancingV2::';
const TARGETS = { Port: 80, Protocol: 'HTTP', VpcId: { Ref: 'Vpc' }, TargetType: 'ip' };
const targets = (odd: Json): Odd => one(`${ELB}TargetGroup`, { ...TARGETS, ...odd });
const SECOND = {
  Type: 'AWS::EC2::Subnet',
  Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.9.1.0/24', AvailabilityZone: 'us-east-1b' },
};
const subnet = (odd: Json): Odd => ({ more: { B: { ...SECOND, Properties: { ...SECOND.Properties, ...odd } } } });
const ANSWER = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
const balanced = (listener: Json, balancer: Json = {}, more: Json = {}): Odd => ({
  more: {
    B: SECOND,
    Balancer: { Type: `${ELB}LoadBalancer`, Properties: { Subnets: [{ Ref: 'Subnet' }, { Ref: 'B' }], ...balancer } },
    Listener: {
      Type: `${ELB}Listener`,
      Properties: {
        LoadBalancerArn: { Ref: 'Balancer' },
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [ANSWER],
        ...listener,
      },
    },
    ...more,
  },
});
const action = (odd: Json): Odd => balanced({ DefaultActions: [odd] });
const CERTIFICATE = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x' };
/** To as many groups, with these weights. */
const forward = (config: Json, ...groups: Json[]): Odd =>
  action({
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: groups.map((one) => ({ TargetGroupArn: { 'Fn::ImportValue': 'g' }, ...one })),
      ...config,
    },
  });
const redirect = (odd: Json): Odd => action({ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_302', ...odd } });
const PATH = { Field: 'path-pattern', Values: ['/a'] };
const rule = (odd: Json): Odd =>
  balanced(
    {},
    {},
    {
      Rule: {
        Type: `${ELB}ListenerRule`,
        Properties: { ListenerArn: { Ref: 'Listener' }, Priority: 1, Actions: [ANSWER], Conditions: [PATH], ...odd },
      },
    },
  );
const condition = (odd: Json): Odd => rule({ Conditions: [odd] });
const containers = (...all: Json[]): Odd => ({
  definition: {
    ContainerDefinitions: all.map((odd, index) => ({ ...CONTAINER, Name: `c${index}`, PortMappings: [], ...odd })),
  },
});
const secret = (ValueFrom: string): Odd => ({
  definition: {
    ExecutionRoleArn: 'arn:aws:iam::000000000000:role/x',
    ContainerDefinitions: [{ ...CONTAINER, Secrets: [{ Name: 'A', ValueFrom }] }],
  },
});
const providers = (...CapacityProviderStrategy: Json[]): Odd => ({
  service: { LaunchType: undefined, CapacityProviderStrategy },
});
const connected = (...Services: Json[]): Odd => ({
  container: { PortMappings: [{ ContainerPort: 3000, Name: 'http' }] },
  service: { ServiceConnectConfiguration: { Enabled: true, Namespace: 'n', Services } },
});
const TARGET = {
  ...{ MinCapacity: 1, MaxCapacity: 2, ResourceId: 'service/c/odd' },
  ...{ ScalableDimension: 'ecs:service:DesiredCount', ServiceNamespace: 'ecs' },
};
const scaled = (
  target: Json,
  tracking: Json = {},
  metric = 'ECSServiceAverageCPUUtilization',
  label?: string,
): Odd => ({
  more: {
    T: { Type: 'AWS::ApplicationAutoScaling::ScalableTarget', Properties: { ...TARGET, ...target } },
    P: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: {
        PolicyName: 'p',
        PolicyType: 'TargetTrackingScaling',
        ScalingTargetId: { Ref: 'T' },
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 50,
          PredefinedMetricSpecification: { PredefinedMetricType: metric, ResourceLabel: label },
          ...tracking,
        },
      },
    },
  },
});
const group = (odd: Json): Odd =>
  one('AWS::EC2::SecurityGroup', { GroupDescription: 'x', VpcId: { Ref: 'Vpc' }, ...odd });
const network = (odd: Json): Odd => ({
  service: { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'Subnet' }], ...odd } } },
});
const PERMISSION = { IpProtocol: 'tcp', FromPort: 1, ToPort: 2, CidrIp: '10.0.0.0/8' };
const LOAD_BALANCER = { ContainerName: 'app', ContainerPort: 3000 };

test.each<[name: string, odd: Odd]>([
  ['a load balancer', balanced({})],
  ['a rule', rule({})],
  ['a rule with five values', condition({ Field: 'path-pattern', Values: ['/1', '/2', '/3', '/4', '*.php'] })],
  ['a rule by pattern', condition({ Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/v[0-9]+'] } })],
  ['a target group', targets({ TargetGroupAttributes: [{ Key: 'slow_start.duration_seconds', Value: '0' }] })],
  ['a redirect', redirect({ Protocol: 'HTTPS', Port: '443', Path: '/new/#{path}' })],
  ['scaling', scaled({})],
  ['Service Connect', connected({ PortName: 'http', ClientAliases: [{ Port: 80, DnsName: 'web.internal' }] })],
  [
    'spot',
    providers({ CapacityProvider: 'FARGATE', Base: 1, Weight: 1 }, { CapacityProvider: 'FARGATE_SPOT', Weight: 3 }),
  ],
  ['containers that fill the task', containers({ Cpu: 128, Memory: 256 }, { Cpu: 128, MemoryReservation: 256 })],
  [
    'one port of TCP and UDP in two groups',
    group({ SecurityGroupIngress: [PERMISSION, { ...PERMISSION, IpProtocol: 'udp' }] }),
  ],
  ['a secret and its key', secret('arn:aws:secretsmanager:us-east-1:000000000000:secret:a-AbCdEf:key::')],
  ['the default subnet', network({ Subnets: ['subnet-00000001'] })],
  ['the default group of a VPC', network({ SecurityGroups: [{ 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] }] })],
])('%s is taken', (_, odd) => {
  expect(lines(odd)).toEqual([]);
});

test.each<[name: string, odd: Odd, line: string]>([
  // names
  ['a log group with a space', one('AWS::Logs::LogGroup', { LogGroupName: 'a b' }), "Value 'a b' at 'logGroupName'"],
  [
    'a parameter with a space',
    one('AWS::SSM::Parameter', { Type: 'String', Value: 'x', Name: 'a b' }),
    'can only contain a mix of letters',
  ],
  [
    'AWS’s own parameter',
    one('AWS::SSM::Parameter', { Type: 'String', Value: 'x', Name: '/aws/x' }),
    'No access to reserved parameter name: /aws/x.',
  ],
  ['a secret with a space', one('AWS::SecretsManager::Secret', { Name: 'a b' }), 'Invalid name. Must be a valid name'],
  [
    'a certificate for a path',
    one('AWS::CertificateManager::Certificate', { DomainName: '../../x' }),
    'is no domain name',
  ],
  ['a target group of 33 letters', targets({ Name: 'x'.repeat(33) }), "cannot be longer than '32' characters"],
  ['a group like an id', group({ GroupName: 'sg-1' }), 'Group names may not be in the format sg-*'],
  [
    'the name of the default group',
    group({ GroupName: 'default' }),
    'Cannot use reserved security group name: default',
  ],
  [
    'a cluster twice',
    twice('AWS::ECS::Cluster', { ClusterName: 'same' }),
    'Y ClusterName: AlreadyExists: same already exists',
  ],
  [
    'a log group twice',
    twice('AWS::Logs::LogGroup', { LogGroupName: 'same' }),
    'Y LogGroupName: ResourceAlreadyExistsException: same already',
  ],
  [
    'a repository twice',
    twice('AWS::ECR::Repository', { RepositoryName: 'same' }),
    'RepositoryAlreadyExistsException: same already exists',
  ],
  [
    'a namespace twice',
    twice('AWS::ServiceDiscovery::HttpNamespace', { Name: 'same' }),
    'NamespaceAlreadyExists: same already exists',
  ],
  [
    'a target group twice',
    twice(`${ELB}TargetGroup`, { ...TARGETS, Name: 'same' }),
    'DuplicateTargetGroupName: same already exists',
  ],
  [
    'a large parameter',
    one('AWS::SSM::Parameter', { Type: 'String', Value: 'x'.repeat(4097) }),
    'the value has 1 to 4096 characters',
  ],
  [
    'a parameter against its pattern',
    one('AWS::SSM::Parameter', { Type: 'String', Value: 'x', AllowedPattern: '^[0-9]+$' }),
    'ParameterPatternMismatchException',
  ],
  [
    'a secret given and generated',
    one('AWS::SecretsManager::Secret', { SecretString: 'x', GenerateSecretString: {} }),
    "You can't specify both SecretString and GenerateSecretString",
  ],
  [
    'a password of no length',
    one('AWS::SecretsManager::Secret', { GenerateSecretString: { PasswordLength: 0 } }),
    '0 is not between 1 and 4096',
  ],
  // networks
  [
    'a zone that is none',
    subnet({ AvailabilityZone: 'us-east-1z' }),
    'Value (us-east-1z) for parameter availabilityZone is invalid.',
  ],
  [
    'a zone of another Region',
    subnet({ AvailabilityZone: 'eu-west-1a' }),
    'Value (eu-west-1a) for parameter availabilityZone is invalid.',
  ],
  ['a subnet without a range', subnet({ CidrBlock: undefined }), 'Either CIDR Block or IPv6 CIDR Block'],
  ['a VPC without a range', one('AWS::EC2::VPC', {}), "Either 'CidrBlock' or 'Ipv4IpamPoolId' should be provided."],
  [
    'a subnet of a cluster',
    subnet({ VpcId: { Ref: 'Cluster' } }),
    'Cluster is an AWS::ECS::Cluster, and an AWS::EC2::VPC is wanted',
  ],
  [
    'a rule for nobody',
    { rule: { CidrIp: undefined } },
    'Exactly one of CidrIp, CidrIpv6, a prefix list and a security group',
  ],
  ['a rule for two', { rule: { CidrIpv6: '::/0' } }, 'must be specified, not CidrIp and CidrIpv6'],
  ['a range of IPv6 that is none', { rule: { CidrIp: undefined, CidrIpv6: 'nope' } }, 'CIDR block nope is malformed'],
  [
    'a rule twice',
    group({ SecurityGroupIngress: [PERMISSION, { ...PERMISSION, ToPort: '2' }] }),
    'The same permission must not appear multiple times',
  ],
  ['a long description', { rule: { Description: 'x'.repeat(256) } }, 'Invalid rule description.'],
  // containers
  [
    'more memory than the task',
    containers({ Memory: 256 }, { Memory: 512 }),
    "The sum of all container 'memory' values",
  ],
  ['more cpu than the task', containers({ Cpu: 512 }), "The sum of all container 'cpu' values"],
  [
    'less memory than is reserved',
    containers({ Memory: 128, MemoryReservation: 256 }),
    "'memory' is not less than 'memoryReservation'",
  ],
  ['eleven containers', containers(...Array.from({ length: 11 }, () => ({}))), 'Too many containers: 11'],
  [
    'a port twice',
    { container: { PortMappings: [{ ContainerPort: 80 }, { ContainerPort: '80' }] } },
    "TCP host port '80' is mapped multiple times in task.",
  ],
  [
    'a port of two containers',
    containers({ PortMappings: [{ ContainerPort: 80 }] }, { PortMappings: [{ ContainerPort: 80 }] }),
    "TCP host port '80' is mapped multiple times in task.",
  ],
  ['a mapping without a port', { container: { PortMappings: [{}] } }, "Invalid 'containerPort' setting"],
  [
    'a driver that Fargate does not have',
    { container: { LogConfiguration: { LogDriver: 'syslog' } } },
    'syslog is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]',
  ],
  [
    'logs without a prefix',
    {
      definition: { ExecutionRoleArn: 'arn:aws:iam::123456789012:role/x' },
      container: {
        LogConfiguration: {
          LogDriver: 'awslogs',
          Options: { 'awslogs-group': 'g', 'awslogs-region': 'us-east-1' },
        },
      },
    },
    'Fargate requires log configuration options to include awslogs-stream-prefix',
  ],
  [
    'logs for a router that is not there',
    { container: { LogConfiguration: { LogDriver: 'awsfirelens' } } },
    'a firelens configuration object must be configured in one of the containers.',
  ],
  [
    'a mode of logs that is none',
    { container: { LogConfiguration: { LogDriver: 'splunk', Options: { mode: 'x' } } } },
    'the mode x is none of blocking, non-blocking',
  ],
  ['a secret from a bucket', secret('arn:aws:s3:::bucket/x'), 'is neither a secret nor a parameter'],
  ['a secret from nowhere', secret(''), 'The Systems Manager parameter name specified for secret A is invalid.'],
  ['a volume without a name', { definition: { Volumes: [{}] } }, 'a volume has a name'],
  ['a mount of no volume', { container: { MountPoints: [{ ContainerPath: '/x' }] } }, "Unknown volume 'null'."],
  [
    'two mounts at one place',
    {
      definition: {
        Volumes: [{ Name: 'v' }],
        ContainerDefinitions: [
          { ...CONTAINER, MountPoints: ['/v', '/v/'].map((ContainerPath) => ({ SourceVolume: 'v', ContainerPath })) },
        ],
      },
    },
    'Duplicate mount point: /v',
  ],
  ['a command with a NUL', { container: { Command: ['a\0b'] } }, 'an argument has a NUL'],
  [
    'a health check of nothing',
    { container: { HealthCheck: {} } },
    'the command of a health check is CMD or CMD-SHELL',
  ],
  [
    'a restart each second',
    { container: { RestartPolicy: { Enabled: true, RestartAttemptPeriod: 1 } } },
    '1 is not between 60 and 1800',
  ],
  // services
  ['100,000 tasks', { service: { DesiredCount: 100_000 } }, '100000 is not between 0 and 5000'],
  ['a cluster that is a VPC', { service: { Cluster: { Ref: 'Vpc' } } }, 'an AWS::ECS::Cluster is wanted'],
  ['subnets that are a VPC', network({ Subnets: [{ Ref: 'Vpc' }] }), 'an AWS::EC2::Subnet is wanted'],
  [
    'a group that is a subnet',
    network({ SecurityGroups: [{ Ref: 'Subnet' }] }),
    'an AWS::EC2::SecurityGroup is wanted',
  ],
  [
    'a target without a group',
    { service: { LoadBalancers: [LOAD_BALANCER] } },
    'targetGroupArn or loadBalancerName must be specified.',
  ],
  [
    'a target of no ARN',
    { service: { LoadBalancers: [{ ...LOAD_BALANCER, TargetGroupArn: 'x' }] } },
    "'x' is not a valid target group ARN",
  ],
  [
    'a provider that is none',
    providers({ CapacityProvider: 'NOPE', Weight: 1 }),
    "The specified capacity provider 'NOPE' was not found.",
  ],
  [
    'a provider twice',
    providers({ CapacityProvider: 'FARGATE', Weight: 1 }, { CapacityProvider: 'FARGATE', Weight: 1 }),
    'the capacity provider FARGATE is there more than once',
  ],
  [
    'two bases',
    providers({ CapacityProvider: 'FARGATE', Base: 1, Weight: 1 }, { CapacityProvider: 'FARGATE_SPOT', Base: 1 }),
    'Only one capacity provider',
  ],
  ['no weight', providers({ CapacityProvider: 'FARGATE', Weight: 0 }), 'has a weight greater than 0'],
  [
    'a discovery name that is a path',
    connected({ PortName: 'http', DiscoveryName: '../x' }),
    '../x is no discovery name',
  ],
  [
    'an alias that is none',
    connected({ PortName: 'http', ClientAliases: [{ Port: 80, DnsName: 'a b' }] }),
    'The DNS name that you provided is invalid: a b',
  ],
  [
    'two aliases',
    connected({ PortName: 'http', ClientAliases: [{ Port: 80 }, { Port: 81 }] }),
    '2 clientAliases exceeds the max limit of 1',
  ],
  [
    'a port connected twice',
    connected({ PortName: 'http' }, { PortName: 'http' }),
    'the discovery name http is there more than once',
  ],
  [
    'a subnet that is not here',
    network({ Subnets: ['subnet-0123456789abcdef0'] }),
    "InvalidSubnetID.NotFound: The subnet 'subnet-0123456789abcdef0' does not exist",
  ],
  [
    'a VPC that is not here',
    subnet({ VpcId: 'vpc-12345678' }),
    "InvalidVpcID.NotFound: The vpc 'vpc-12345678' does not exist",
  ],
  [
    'a group that is not here',
    { rule: { CidrIp: undefined, SourceSecurityGroupId: 'sg-12345678' } },
    "InvalidGroup.NotFound: The security group 'sg-12345678' does not exist",
  ],
  // load balancers
  [
    'an idle timeout in words',
    balanced({}, { LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: 'x' }] }),
    "'idle_timeout.timeout_seconds' value 'x' must be between '1-4000' inclusive",
  ],
  [
    'a key of an attribute that is none',
    balanced({}, { LoadBalancerAttributes: [{ Key: 'nope', Value: 'x' }] }),
    "Load balancer attribute key 'nope' is not recognized",
  ],
  [
    'a long deregistration',
    targets({ TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '5000' }] }),
    "value '5000' must be between '0-3600' inclusive",
  ],
  ['a target group without a port', targets({ Port: undefined }), 'A port must be specified'],
  [
    'a path without a slash',
    targets({ HealthCheckPath: 'x' }),
    "Health check path 'x' must begin with a '/' character",
  ],
  [
    'a listener without a port',
    balanced({ Port: undefined }),
    'Listener Port: ValidationError: A listener port must be specified',
  ],
  ['a listener without a protocol', balanced({ Protocol: undefined }), 'A listener protocol must be specified'],
  ['a listener of a name', balanced({ LoadBalancerArn: 'x' }), "'x' is not a valid load balancer ARN"],
  [
    'a certificate of a name',
    balanced({ Protocol: 'HTTPS', Certificates: [{ CertificateArn: 'x' }] }),
    "CertificateNotFound: Certificate 'x' not found",
  ],
  [
    'two certificates',
    balanced({ Protocol: 'HTTPS', Certificates: [CERTIFICATE, CERTIFICATE] }),
    "Up to '1' certificate ARNs can be specified, but '2' were specified",
  ],
  [
    'a certificate of HTTP',
    balanced({ Certificates: [CERTIFICATE] }),
    'A certificate cannot be specified for HTTP listeners',
  ],
  [
    'a policy of HTTP',
    balanced({ SslPolicy: 'ELBSecurityPolicy-2016-08' }),
    'An SSL policy cannot be specifed for HTTP listeners',
  ],
  [
    'a redirect from HTTPS to HTTP',
    balanced({
      Protocol: 'HTTPS',
      Certificates: [CERTIFICATE],
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Protocol: 'HTTP' } }],
    }),
    'You cannot redirect HTTPS to HTTP.',
  ],
  ['a weight of 1000', forward({}, { Weight: 1000 }), 'The weight for the target group must be between 1 and 999'],
  ['two without weights', forward({}, {}, {}), 'The weight for each target group must be between 0 and 999'],
  [
    'stickiness without an end',
    forward({ TargetGroupStickinessConfig: { Enabled: true } }, {}),
    'You must provide a duration when enabling target group stickiness',
  ],
  [
    'stickiness of a month',
    forward({ TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 2_592_000 } }, {}),
    'Target group stickiness duration must be between 1 and 604800 seconds',
  ],
  ['no action', balanced({ DefaultActions: [] }), 'An action must be specified'],
  [
    'two answers',
    balanced({ DefaultActions: [ANSWER, ANSWER] }),
    "must be forward, redirect or fixed-response, and not '2'",
  ],
  [
    'a picture for an answer',
    action({ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404', ContentType: 'image/png' } }),
    "The ContentType must be one of:'text/html', 'application/json'",
  ],
  [
    'a redirect to itself',
    redirect({ Host: '#{host}' }),
    'The redirect configuration is not valid because it creates a loop.',
  ],
  [
    'a redirect to port 99999',
    redirect({ Port: '99999' }),
    "The Port parameter must be either an integer between 1 and 65535 or '#{port}'.",
  ],
  [
    'a redirect without a slash',
    redirect({ Path: 'x' }),
    "The Path parameter must be a valid path, should start with a '/'",
  ],
  [
    'a forward to nobody',
    action({ Type: 'forward', ForwardConfig: { TargetGroups: [] } }),
    'A forward action must specify at least one target group',
  ],
  ['a forward to a name', action({ Type: 'forward', TargetGroupArn: 'x' }), "'x' is not a valid target group ARN"],
  [
    'a forward to a load balancer',
    action({ Type: 'forward', TargetGroupArn: { Ref: 'Balancer' } }),
    `an ${ELB}TargetGroup is wanted`,
  ],
  ['no condition', rule({ Conditions: [] }), 'A condition must be specified'],
  ['a condition of nothing', condition({ Field: 'path-pattern', Values: [] }), 'A condition value must be specified'],
  [
    'a long path',
    condition({ Field: 'path-pattern', Values: [`/${'x'.repeat(128)}`] }),
    "value is too long; the limit is '128'",
  ],
  [
    'a path with a space',
    condition({ Field: 'path-pattern', Values: ['/a b'] }),
    'contains a character that is not valid',
  ],
  [
    'a host with a space',
    condition({ Field: 'host-header', Values: ['a b'] }),
    'contains a character that is not valid',
  ],
  [
    'a method in small letters',
    condition({ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['get'] } }),
    'contains a character that is not valid',
  ],
  [
    'a header with a space',
    condition({ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'a b', Values: ['x'] } }),
    "The HTTP header name 'a b' is not valid",
  ],
  ...['10.0.0.0/129', '999.1.1.1/8', '2001:db8::/129'].map((range): [string, Odd, string] => [
    `a client of ${range}`,
    condition({ Field: 'source-ip', SourceIpConfig: { Values: [range] } }),
    `The specified value '${range}' is not a valid CIDR block`,
  ]),
  [
    'six paths',
    condition({ Field: 'path-pattern', Values: ['/1', '/2', '/3', '/4', '/5', '/6'] }),
    "A rule can only have '5' condition values and regex values",
  ],
  ['two conditions of paths', rule({ Conditions: [PATH, PATH] }), "A rule can only have one 'path-pattern' condition"],
  [
    'two subnets of one zone',
    balanced({}, {}, { Subnet: { ...SECOND, Properties: { ...SECOND.Properties, CidrBlock: '10.9.2.0/24' } } }),
    'multiple subnets in the same Availability Zone',
  ],
  [
    'one subnet twice',
    balanced({}, { Subnets: [{ Ref: 'B' }, { Ref: 'B' }] }),
    'multiple subnets in the same Availability Zone',
  ],
  [
    'a group of another VPC',
    {
      ...network({ SecurityGroups: [{ 'Fn::GetAtt': ['Other', 'GroupId'] }] }),
      more: {
        Second: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.7.0.0/16' } },
        Other: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', VpcId: { Ref: 'Second' } } },
      },
    },
    'belong to different networks: Subnet is in Vpc, Other is in Second',
  ],
  // scaling
  [
    'a service that is none',
    scaled({ ResourceId: 'nope' }),
    'Unsupported service namespace, resource type or scalable dimension',
  ],
  [
    'CPU of a target group',
    scaled({}, {}, 'ECSServiceAverageCPUUtilization', 'app/a/1/targetgroup/b/2'),
    'Resource label should not be specified for predefined metric type ECSServiceAverageCPUUtilization',
  ],
  ['a target of 0', scaled({}, { TargetValue: 0 }), 'TargetValue 0 must be greater than 0'],
  ['a pause below nothing', scaled({}, { ScaleInCooldown: -1 }), '-1 is not 0 or more'],
  [
    'requests of nobody',
    scaled({}, {}, 'ALBRequestCountPerTarget'),
    'Resource label should be specified for predefined metric type',
  ],
  [
    'requests of a name',
    scaled({}, {}, 'ALBRequestCountPerTarget', 'x'),
    "Invalid resource label 'x' for predefined metric type ALBRequestCountPerTarget",
  ],
])('%s', (_, odd, line) => {
  const found = lines(odd);
  expect(found.filter((text) => text.includes(line))).toHaveLength(1);
});
