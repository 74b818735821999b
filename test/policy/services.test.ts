import { BASE_INFRA_PARAMETERS, SERVICE_NAMES } from '@highlands/connected-service';
import { resolve } from './references.ts';
import { everyResource, everyTemplate, resources, templates, valuesOf } from './system.ts';

const services = resources('AWS::ECS::Service');
const taskDefinitions = resources('AWS::ECS::TaskDefinition');

test('each service has a stack, and each stack one service', () => {
  expect(services.map(({ project }) => project)).toEqual([...SERVICE_NAMES]);
});

test.each(services)('$project: a failed rollout goes back, and no rollout takes capacity away', ({ properties }) => {
  expect(properties['DeploymentConfiguration']).toEqual({
    DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    MinimumHealthyPercent: 100,
    MaximumPercent: 200,
  });
  expect(properties['AvailabilityZoneRebalancing']).toBe('ENABLED');
});

test.each(services)('$project: at least one task in each zone, in private subnets', ({ project, properties }) => {
  const scaled = resources('AWS::ApplicationAutoScaling::ScalableTarget').find((found) => found.project === project);
  // With scaling the service leaves its number to that.
  expect(properties['DesiredCount'] ?? scaled?.properties['MinCapacity']).toBeGreaterThanOrEqual(2);
  expect(properties['NetworkConfiguration']).toMatchObject({ AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } });
});

test.each(services)(
  '$project: the namespace by ARN, and one access log line per request',
  ({ project, properties }) => {
    const { Namespace, ...connect } = properties['ServiceConnectConfiguration'] as { Namespace: { Ref: string } };
    expect(templates[project].Parameters[Namespace.Ref]?.Default).toBe(BASE_INFRA_PARAMETERS.namespaceArn);
    expect(resolve(project, Namespace).type).toBe('AWS::ServiceDiscovery::HttpNamespace');
    expect(connect).toMatchObject({
      Enabled: true,
      AccessLogConfiguration: { Format: 'JSON', IncludeQueryParameters: 'DISABLED' },
      LogConfiguration: { LogDriver: 'awslogs' },
    });
  },
);

test('no two services answer to the same name and port', () => {
  const aliases = services.flatMap(({ properties }) => {
    const { Services } = properties['ServiceConnectConfiguration'] as {
      Services: { ClientAliases: { DnsName: string; Port: number }[] }[];
    };
    return Services.flatMap(({ ClientAliases }) => ClientAliases.map(({ DnsName, Port }) => `${DnsName}:${Port}`));
  });
  // Stricter than Service Connect, which tells services apart by name: a port says which service is meant.
  expect(new Set(aliases.map((alias) => alias.split(':')[0]))).toEqual(new Set(SERVICE_NAMES));
  expect(new Set(aliases.map((alias) => alias.split(':')[1])).size).toBe(SERVICE_NAMES.length);
});

test.each(everyTemplate)('$project, $option: starts after its permissions and its edges', ({ template }) => {
  const everything = Object.entries(template.Resources);
  const service = everything.find(([, { Type }]) => Type === 'AWS::ECS::Service')?.[1];
  if (service === undefined) return;
  // What its properties refer to comes first as well.
  const first = [...(service.DependsOn ?? []), ...valuesOf('Ref', service), ...valuesOf('Fn::GetAtt', service).flat()];
  const needed = everything
    .filter(([, { Type }]) => /^AWS::(IAM::|KMS::|EC2::SecurityGroup|ElasticLoadBalancingV2::ListenerRule)/.test(Type))
    .map(([logicalId]) => logicalId);
  expect(needed.filter((id) => !first.includes(id))).toEqual([]);
});

test.each(taskDefinitions)('$project: ARM64 on Fargate, with room left for the proxy', ({ properties }) => {
  expect(properties).toMatchObject({
    RequiresCompatibilities: ['FARGATE'],
    NetworkMode: 'awsvpc',
    RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
  });
  const [container] = properties['ContainerDefinitions'] as [{ Cpu: number; MemoryReservation: number }];
  // What AWS asks for from 500 requests per second on; 64 MiB is its minimum of memory.
  expect(Number(properties['Cpu']) - container.Cpu).toBeGreaterThanOrEqual(512);
  expect(Number(properties['Memory']) - container.MemoryReservation).toBeGreaterThanOrEqual(64);
});

test.each(taskDefinitions)('$project: an image from the contract, no root, no writes, a health check', (found) => {
  const [container] = found.properties['ContainerDefinitions'] as [Record<string, unknown>];
  const { Ref } = container['Image'] as { Ref: string };
  expect(templates[found.project].Parameters[Ref]?.Default).toBe(`/highlands/${found.project}/image`);
  expect(container).toMatchObject({
    User: '65532:65532',
    ReadonlyRootFilesystem: true,
    HealthCheck: { Command: ['CMD', '/service', 'healthcheck'] },
    PortMappings: [{ Name: 'web', ContainerPort: 3000, AppProtocol: 'http' }],
  });
  // ECS kills the proxy 20 s after it starts to drain; the application has to outlast that.
  expect(container['StopTimeout']).toBeGreaterThan(20);
});

test('every log has an end', () => {
  const logGroups = everyResource('AWS::Logs::LogGroup');
  expect(logGroups.filter(({ option }) => option === 'default')).toHaveLength(1 + 2 * SERVICE_NAMES.length);
  expect(logGroups.filter(({ properties }) => properties['RetentionInDays'] === undefined)).toEqual([]);
});

test('whatever bears tags says that it belongs to the project', () => {
  const tagged = everyResource().filter(({ properties }) => 'Tags' in properties);
  const without = tagged.filter(({ properties: { Tags } }) => !JSON.stringify(Tags).includes('highlands'));
  expect(tagged.length).toBeGreaterThan(50);
  expect(without.map(({ logicalId }) => logicalId)).toEqual([]);
});
