import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { SSL_POLICIES } from './aws-sentences.ts';
import { refusalsIn, type Resource } from './refusals.ts';

const ELB = 'AWS::ElasticLoadBalancingV2::';
const CERTIFICATE = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x' };
type Json = Readonly<Record<string, unknown>>;

const FORWARD = { Type: 'forward', TargetGroupArn: { Ref: 'Group' } };
const group = (odd: Json): Resource => ({
  Type: `${ELB}TargetGroup`,
  Properties: { Protocol: 'HTTP', Port: 80, VpcId: 'vpc-00000001', TargetType: 'ip', ...odd },
});
const listener = (odd: Json): Resource => ({
  Type: `${ELB}Listener`,
  Properties: { LoadBalancerArn: { Ref: 'Balancer' }, Port: 80, Protocol: 'HTTP', DefaultActions: [FORWARD], ...odd },
});
const secure = (odd: Json): Resource => listener({ Protocol: 'HTTPS', Certificates: [CERTIFICATE], ...odd });
const rule = (odd: Json): Resource => ({
  Type: `${ELB}ListenerRule`,
  Properties: {
    ListenerArn: { Ref: 'Listener' },
    Priority: 1,
    Actions: [FORWARD],
    Conditions: [{ Field: 'path-pattern', Values: ['/a'] }],
    ...odd,
  },
});
const condition = (odd: Json): Record<string, Resource> => ({ Rule: rule({ Conditions: [odd] }) });
const attribute = (list: string, ...pairs: [key: string, value: unknown][]): Record<string, Resource> => ({
  Group: group({ [list]: pairs.map(([Key, Value]) => ({ Key, Value })) }),
});
const ofGroup = (key: string, value: unknown): Record<string, Resource> =>
  attribute('TargetGroupAttributes', [key, value]);

function said(resources: Readonly<Record<string, Resource>>): string[] {
  return refusalsIn(resources).map(([id, { path, note }]) => `${id} ${path}: ${note}`);
}

test.each<[what: string, resources: Readonly<Record<string, Resource>>]>([
  ['HTTP/2 behind HTTPS', { Group: group({ ProtocolVersion: 'HTTP2' }), Listener: secure({}), Rule: rule({}) }],
  ['HTTP/1 behind HTTP', { Group: group({ ProtocolVersion: 'HTTP1' }), Listener: listener({}), Rule: rule({}) }],
  ['HTTP/2 behind a listener of another stack', { Group: group({ ProtocolVersion: 'HTTP2' }), Rule: rule({}) }],
  ['codes of gRPC', { Group: group({ ProtocolVersion: 'GRPC', Matcher: { GrpcCode: '0,3-5,99' } }) }],
  ['a policy', { Listener: secure({ SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09' }) }],
  ['a policy of a parameter', { Listener: secure({ SslPolicy: { Ref: 'Policy' } }) }],
  ['a health that does not matter', ofGroup('target_group_health.dns_failover.minimum_healthy_targets.count', 'off')],
  ['a truth in capitals', ofGroup('stickiness.enabled', 'True')],
  ['a value of a function', ofGroup('stickiness.enabled', { Ref: 'Sticky' })],
  [
    'a query',
    condition({ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '*x' }, { Value: 'y' }] } }),
  ],
  ['a path with stars that are none', condition({ Field: 'path-pattern', Values: [String.raw`/\*\*\*\*\*\*\*`] })],
])('%s is taken', (_, resources) => {
  expect(said(resources)).toEqual([]);
});

test.each<[line: string, resources: Readonly<Record<string, Resource>>]>([
  [
    "Listener DefaultActions[0]: InvalidLoadBalancerAction: Listener protocol 'HTTP' is not supported with a target group with the protocol-version 'HTTP2'",
    { Group: group({ ProtocolVersion: 'HTTP2' }), Listener: listener({}) },
  ],
  [
    "Rule Actions[0]: InvalidLoadBalancerAction: Listener protocol 'HTTP' is not supported with a target group with the protocol-version 'GRPC'",
    {
      Group: group({ ProtocolVersion: 'GRPC' }),
      Listener: listener({ DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }] }),
      Rule: rule({
        Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Group' } }] } }],
      }),
    },
  ],
  [
    "Listener SslPolicy: SSLPolicyNotFound: SSL policy 'ELBSecurityPolicy-2017-08' not found",
    { Listener: secure({ SslPolicy: 'ELBSecurityPolicy-2017-08' }) },
  ],
  [
    "Group Matcher.GrpcCode: ValidationError: Health check matcher GRPC code '0-100' must be within '0-99' inclusive",
    { Group: group({ ProtocolVersion: 'GRPC', Matcher: { GrpcCode: '0-100' } }) },
  ],
  [
    "Group Matcher.GrpcCode: ValidationError: A GRPC code matcher can only be specified for target groups with the protocol version 'GRPC'",
    { Group: group({ Matcher: { GrpcCode: '0' } }) },
  ],
  [
    "Group TargetGroupAttributes[0].Value: ValidationError: 'load_balancing.algorithm.anomaly_mitigation' value 'yes' must be one of [on, off]",
    ofGroup('load_balancing.algorithm.anomaly_mitigation', 'yes'),
  ],
  [
    "'target_group_health.dns_failover.minimum_healthy_targets.percentage' value '101' must be between '1-100' inclusive, or one of [off]",
    ofGroup('target_group_health.dns_failover.minimum_healthy_targets.percentage', 101),
  ],
  [
    "Target group attribute key 'stickiness.enabled' has been specified more than once",
    attribute('TargetGroupAttributes', ['stickiness.enabled', 'true'], ['stickiness.enabled', 'true']),
  ],
  ["Target group attribute key 'new.thing' is not recognized", ofGroup('new.thing', 'x')],
  [
    'You cannot redirect HTTPS to HTTP.',
    {
      Listener: secure({}),
      Rule: rule({ Actions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Protocol: 'HTTP' } }] }),
    },
  ],
  [
    "'RegexValues' is not supported for a condition of type 'source-ip'",
    condition({ Field: 'source-ip', RegexValues: ['x'] }),
  ],
  [
    "A rule can only have '6' condition wildcards",
    condition({ Field: 'path-pattern', Values: ['/*/*/*', '/*/*/*', '/?'] }),
  ],
  [
    "Condition value 'localhost' contains a character that is not valid",
    condition({ Field: 'host-header', Values: ['localhost'] }),
  ],
])('%s', (line, resources) => {
  expect(said(resources).filter((text) => text.includes(line))).toHaveLength(1);
});

const DEFINITION = { Family: 'f', Cpu: '256', Memory: '512', NetworkMode: 'awsvpc', ContainerDefinitions: [] };
const launched = (definition: Json, service: Json): string[] =>
  said({
    Definition: { Type: 'AWS::ECS::TaskDefinition', Properties: definition },
    Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: { Ref: 'Definition' }, ...service } },
  }).filter((text) => text.includes('Task definition does not support launch_type FARGATE.'));

test.each<[definition: Json, service: Json, refused: number]>([
  [{ ...DEFINITION, NetworkMode: 'bridge' }, { LaunchType: 'FARGATE' }, 1],
  [{ ...DEFINITION, Cpu: undefined }, { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }] }, 1],
  [{ ...DEFINITION, RequiresCompatibilities: ['EC2'], Memory: undefined }, { LaunchType: 'FARGATE' }, 1],
  [{ ...DEFINITION, NetworkMode: 'bridge' }, { LaunchType: 'EC2' }, 0],
  [DEFINITION, { LaunchType: 'FARGATE' }, 0],
  // This is judged when it is registered.
  [{ ...DEFINITION, RequiresCompatibilities: ['FARGATE'], Cpu: undefined }, { LaunchType: 'FARGATE' }, 0],
])('%j with %j', (definition, service, refused) => {
  expect(launched(definition, service)).toHaveLength(refused);
});

test('every policy that CDK names is known', () => {
  expect(Object.values(SslPolicy).filter((name) => !SSL_POLICIES.includes(name))).toEqual([]);
});
