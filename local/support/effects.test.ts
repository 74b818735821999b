import { ActionSchema, ConditionSchema } from '../aws-shapes/listener-rule.ts';
import { TargetGroupShape } from '../aws-shapes/load-balancer.ts';
import { Policy, Target } from '../aws-shapes/scaling.ts';
import { narrowService } from '../agent/aws/read-services.ts';
import { narrowTaskDefinition } from '../agent/aws/read-task-definition.ts';
import { SHAPES } from './resource-types.ts';
import type { Shape } from './rules.ts';

/** The shape of a part of a type. */
function partOf(type: string, ...path: readonly string[]): Shape {
  const found = path.reduce<Shape | undefined>((shape, name) => shape?.parts[name], SHAPES[type]);
  if (found === undefined) throw new Error(`${type} has no ${path.join('.')}`);
  return found;
}

/** Every property that is said to be read, down to the last. */
function readPaths({ reads, parts, values, isMap }: Shape): string[][] {
  if (isMap) return reads.map((name) => [name]);
  return [
    ...reads.filter((name) => !(name in values)).map((name) => [name]),
    ...Object.entries(parts).flatMap(([name, part]) => readPaths(part).map((path) => [name, ...path])),
  ];
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One with the value of the other at a path; of a list its first element is meant. */
function taken(one: unknown, other: unknown, [step, ...more]: readonly string[], where: string): unknown {
  if (step === undefined) return other;
  if (Array.isArray(one) && Array.isArray(other))
    return [taken(one[0], other[0], [step, ...more], where), ...(one.slice(1) as unknown[])];
  if (!isJson(one) || !isJson(other)) throw new Error(`${where}: the samples have no object there`);
  // The APIs of ECS write names with a small first letter.
  const key = [step, step.slice(0, 1).toLowerCase() + step.slice(1)].find((name) => name in one);
  if (key === undefined || !(key in other)) throw new Error(`${where}: both samples need a ${step}`);
  return { ...one, [key]: taken(one[key], other[key], more, where) };
}

const ARN = 'arn:aws:ecs:us-east-1:000000000000:task-definition/a:1';
const container = (n: number) => ({
  name: `c${n}`,
  image: `i:${n}`,
  essential: n > 1,
  entryPoint: [`e${n}`],
  command: [`c${n}`],
  environment: [{ name: `E${n}`, value: `v${n}` }],
  secrets: [{ name: `S${n}`, valueFrom: `arn${n}` }],
  user: `${n}`,
  workingDirectory: `/w${n}`,
  readonlyRootFilesystem: n > 1,
  stopTimeout: n,
  portMappings: [{ name: `p${n}`, containerPort: n, appProtocol: n > 1 ? 'http' : 'grpc' }],
  mountPoints: [{ sourceVolume: `v${n}`, containerPath: `/m${n}`, readOnly: n > 1 }],
  volumesFrom: [{ sourceContainer: `o${n}`, readOnly: n > 1 }],
  linuxParameters: {
    tmpfs: [{ containerPath: `/t${n}`, size: n, mountOptions: [n > 1 ? 'ro' : 'rw'] }],
    capabilities: { drop: [n > 1 ? 'CHOWN' : 'KILL'] },
  },
  cpu: n,
  memory: n,
  ulimits: [{ name: n > 1 ? 'nofile' : 'nproc', softLimit: n, hardLimit: n + 5 }],
  healthCheck: { command: [`h${n}`], interval: n, timeout: n, retries: n, startPeriod: n },
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': `g${n}`, 'awslogs-stream-prefix': `s${n}`, 'awslogs-create-group': String(n > 1) },
  },
  dependsOn: [{ containerName: `d${n}`, condition: n > 1 ? 'START' : 'HEALTHY' }],
});
const definition = (n: number) => ({
  taskDefinitionArn: ARN,
  revision: 1,
  family: `f${n}`,
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: String(256 * n),
  memory: String(512 * n),
  containerDefinitions: [container(n)],
  volumes: [{ name: `v${n}` }],
  ephemeralStorage: { sizeInGiB: 20 + n },
  taskRoleArn: `role${n}`,
});

const connect = (n: number) => ({
  enabled: n === 1,
  namespace: `n${n}`,
  services: [
    {
      portName: `p${n}`,
      discoveryName: `d${n}`,
      ingressPortOverride: n,
      clientAliases: [
        { port: n, dnsName: `a${n}`, testTrafficRules: { header: { name: `h${n}`, value: { exact: `v${n}` } } } },
      ],
      timeout: { idleTimeoutSeconds: n, perRequestTimeoutSeconds: n },
      tls: { issuerCertificateAuthority: { awsPcaAuthorityArn: `ca${n}` } },
    },
  ],
  logConfiguration: container(n).logConfiguration,
  accessLogConfiguration: { format: n > 1 ? 'TEXT' : 'JSON', includeQueryParameters: n > 1 ? 'ENABLED' : 'DISABLED' },
});
const service = (n: number) => ({
  serviceArn: 'arn',
  clusterArn: 'cluster',
  status: 'ACTIVE',
  serviceName: `s${n}`,
  desiredCount: n,
  healthCheckGracePeriodSeconds: n,
  enableExecuteCommand: n > 1,
  capacityProviderStrategy: [{ capacityProvider: n > 1 ? 'FARGATE' : 'FARGATE_SPOT', base: n, weight: n }],
  loadBalancers: [
    {
      targetGroupArn: `t${n}`,
      containerName: `c${n}`,
      containerPort: n,
      advancedConfiguration: {
        alternateTargetGroupArn: `a${n}`,
        productionListenerRule: `p${n}`,
        testListenerRule: `t${n}`,
      },
    },
  ],
  serviceRegistries: [{ registryArn: `r${n}`, port: n, containerPort: n }],
  deploymentConfiguration: {
    minimumHealthyPercent: n,
    maximumPercent: 100 + n,
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: n,
    lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [n > 1 ? 'PRE_SCALE_UP' : 'POST_SCALE_UP'] }],
    deploymentCircuitBreaker: {
      enable: n > 1,
      rollback: n > 1,
      resetOnHealthyTask: n > 1,
      thresholdConfiguration: { type: n > 1 ? 'COUNT' : 'UNBOUNDED_PERCENT', value: n },
    },
  },
});
const deployed = (connected: unknown) => ({
  ...service(1),
  deployments: [{ id: 'd', status: 'PRIMARY', taskDefinition: ARN, serviceConnectConfiguration: connected }],
});

const action = (n: number) => ({
  forward: {
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [{ TargetGroupArn: `t${n}`, Weight: n }],
      TargetGroupStickinessConfig: { Enabled: n === 1, DurationSeconds: n },
    },
  },
  redirect: {
    Type: 'redirect',
    RedirectConfig: {
      StatusCode: n > 1 ? 'HTTP_301' : 'HTTP_302',
      Protocol: n > 1 ? 'HTTP' : 'HTTPS',
      Host: `h${n}`,
      Port: `${80 + n}`,
      Path: `/p${n}`,
      Query: `q${n}`,
    },
  },
  answer: {
    Type: 'fixed-response',
    FixedResponseConfig: {
      StatusCode: `20${n}`,
      ContentType: n > 1 ? 'text/plain' : 'text/html',
      MessageBody: `b${n}`,
    },
  },
});
const group = (n: number) => ({
  TargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/a/1',
  HealthCheckPath: `/p${n}`,
  HealthCheckPort: String(n),
  HealthCheckIntervalSeconds: n,
  HealthCheckTimeoutSeconds: n,
  HealthyThresholdCount: n,
  UnhealthyThresholdCount: n,
  Matcher: { HttpCode: `20${n}`, GrpcCode: `${n}` },
});
const policy = (n: number) => ({
  PolicyName: `p${n}`,
  ResourceId: `r${n}`,
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: n,
    ScaleOutCooldown: n,
    ScaleInCooldown: n,
    DisableScaleIn: n > 1,
    PredefinedMetricSpecification: {
      PredefinedMetricType: 'ALBRequestCountPerTarget',
      ResourceLabel: `app/l/1/targetgroup/t/${n}`,
    },
  },
});

/** What the control plane keeps and reads itself, or hands to the agent under another name: no schema of the agent has it. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  'AWS::ECS::Service': ['TaskDefinition', 'Cluster'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 'Port'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['ScalableDimension', 'ScalingTargetId'],
  'AWS::ApplicationAutoScaling::ScalableTarget': ['ScalableDimension'],
};

/** Two samples that differ in everything, and what reads them. */
type Case = readonly [
  type: string,
  shape: Shape,
  samples: readonly [unknown, unknown],
  read: (raw: unknown) => unknown,
];

const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const conditions = (field: string, config: string, value: (n: number) => Json): Case => {
  const sample = (n: number) => ({ Field: field, [config]: value(n) });
  return [
    RULE,
    partOf(RULE, 'Conditions', config),
    [value(1), value(2)],
    (raw) => ConditionSchema.parse({ ...sample(1), [config]: raw }),
  ];
};

/** The older way of writing a condition. */
const beside = (n: number) => ({ Field: 'path-pattern', Values: [`/${n}`], RegexValues: [`^/${n}`] });

const CASES: readonly Case[] = [
  // Mounts name their volumes; that they are there is what the check sees to.
  [
    'AWS::ECS::TaskDefinition',
    { ...partOf('AWS::ECS::TaskDefinition'), parts: without('AWS::ECS::TaskDefinition', 'Volumes') },
    [definition(1), definition(2)],
    (raw) => narrowTaskDefinition(ARN, raw),
  ],
  [
    'AWS::ECS::Service',
    {
      ...partOf('AWS::ECS::Service'),
      parts: without('AWS::ECS::Service', 'ServiceConnectConfiguration', 'NetworkConfiguration'),
    },
    [service(1), service(2)],
    narrowService,
  ],
  [
    'AWS::ECS::Service',
    partOf('AWS::ECS::Service', 'ServiceConnectConfiguration'),
    [connect(1), connect(2)],
    (raw) => narrowService(deployed(raw)),
  ],
  ...(['forward', 'redirect', 'answer'] as const).map((kind): Case => {
    const part = { forward: 'ForwardConfig', redirect: 'RedirectConfig', answer: 'FixedResponseConfig' }[kind];
    const [one, other] = [action(1)[kind], action(2)[kind]].map((all) => (all as Json)[part]);
    return [
      RULE,
      partOf(RULE, 'Actions', part),
      [one, other],
      (raw) => ActionSchema.parse({ ...action(1)[kind], [part]: raw }),
    ];
  }),
  [RULE, { ...partOf(RULE, 'Conditions'), parts: {} }, [beside(1), beside(2)], (raw) => ConditionSchema.parse(raw)],
  conditions('path-pattern', 'PathPatternConfig', (n) => ({ Values: [`/${n}`], RegexValues: [`^/${n}`] })),
  conditions('host-header', 'HostHeaderConfig', (n) => ({ Values: [`h${n}`], RegexValues: [`^h${n}`] })),
  conditions('http-request-method', 'HttpRequestMethodConfig', (n) => ({ Values: [n > 1 ? 'GET' : 'PUT'] })),
  conditions('http-header', 'HttpHeaderConfig', (n) => ({
    HttpHeaderName: `x${n}`,
    Values: [`v${n}`],
    RegexValues: [`^v${n}`],
  })),
  conditions('source-ip', 'SourceIpConfig', (n) => ({ Values: [`203.0.113.${n}/32`] })),
  conditions('query-string', 'QueryStringConfig', (n) => ({ Values: [{ Key: `k${n}`, Value: `v${n}` }] })),
  [
    'AWS::ElasticLoadBalancingV2::TargetGroup',
    // Of attributes it says which keys have no effect; targets and their port come by the channel (registered_targets.py).
    {
      ...partOf('AWS::ElasticLoadBalancingV2::TargetGroup'),
      parts: without('AWS::ElasticLoadBalancingV2::TargetGroup', 'TargetGroupAttributes', 'Targets'),
    },
    [group(1), group(2)],
    (raw) => TargetGroupShape.parse(raw),
  ],
  [
    'AWS::ApplicationAutoScaling::ScalingPolicy',
    // Steps and schedules are the control plane's.
    {
      ...partOf('AWS::ApplicationAutoScaling::ScalingPolicy'),
      parts: without('AWS::ApplicationAutoScaling::ScalingPolicy', 'StepScalingPolicyConfiguration'),
    },
    [policy(1), policy(2)],
    (raw) => Policy.parse(raw),
  ],
  [
    'AWS::ApplicationAutoScaling::ScalableTarget',
    {
      ...partOf('AWS::ApplicationAutoScaling::ScalableTarget'),
      parts: without('AWS::ApplicationAutoScaling::ScalableTarget', 'ScheduledActions'),
    },
    [
      { ResourceId: 'a', MinCapacity: 1, MaxCapacity: 2 },
      { ResourceId: 'b', MinCapacity: 3, MaxCapacity: 4 },
    ],
    (raw) => Target.parse(raw),
  ],
];

function without(type: string, ...names: readonly string[]): Shape['parts'] {
  return Object.fromEntries(Object.entries(partOf(type).parts).filter(([name]) => !names.includes(name)));
}

const PROPERTIES = CASES.flatMap(([type, shape, samples, read]) =>
  readPaths(shape)
    .filter(([name = '', ...more]) => more.length > 0 || KEPT[type]?.includes(name) !== true)
    .map((path) => [`${type} ${path.join('.')}`, path, samples, read] as const),
);

test.each(PROPERTIES)('%s: another value is another plan', (name, path, [one, other], read) => {
  const changed = taken(one, other, path, name);
  expect(JSON.stringify(read(changed))).not.toBe(JSON.stringify(read(one)));
});
