/** What the templates of the system make AWS count and bill. */
import { capacityProviderStrategies, type SpotOptions } from '@highlands/connected-service';
import { z } from 'zod';

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const Strategy = z
  .array(
    z.object({
      CapacityProvider: z.enum(['FARGATE', 'FARGATE_SPOT']),
      Base: z.number().default(0),
      Weight: z.number(),
    }),
  )
  .default([]);
const Service = z.looseObject({ DesiredCount: z.number().optional(), CapacityProviderStrategy: Strategy });
/** Has the number of tasks of a service that scales: at least so many. */
const ScalableTarget = z.looseObject({ MinCapacity: z.number() });
const Endpoint = z.looseObject({
  VpcEndpointType: z.string().default('Gateway'),
  SubnetIds: z.array(z.unknown()).default([]),
});
const TaskDefinition = z.looseObject({
  Cpu: z.coerce.number(),
  Memory: z.coerce.number(),
  RuntimePlatform: z.looseObject({ CpuArchitecture: z.literal('ARM64'), OperatingSystemFamily: z.literal('LINUX') }),
  ContainerDefinitions: z.array(z.unknown()),
});
const LoadBalancer = z.looseObject({ Scheme: z.string(), Subnets: z.array(z.unknown()) });
const Cluster = z.looseObject({
  ClusterSettings: z.array(z.looseObject({ Name: z.string(), Value: z.string() })).default([]),
});

/** Counts at one moment; CPU in vCPU and memory in GB, over all tasks. */
export interface Quantities {
  readonly services: number;
  readonly tasks: number;
  readonly vcpus: number;
  readonly memoryGb: number;
  /** Of these, what is expected on Fargate Spot is counted here and not above. */
  readonly spotVcpus: number;
  readonly spotMemoryGb: number;
  /** With the proxy of each task. */
  readonly containers: number;
  readonly natGateways: number;
  /** Interface endpoints, each times its zones. */
  readonly endpointZones: number;
  readonly loadBalancers: number;
  /** Public IPv4 addresses: one for each NAT gateway, and one for each zone of a public load balancer. */
  readonly publicAddresses: number;
  readonly repositories: number;
  readonly enhancedInsights: boolean;
  readonly alarms: number;
  readonly dashboards: number;
}

/** What a variant sets in the `bin/app.ts` of every project. */
export interface Settings {
  readonly desiredCount?: number;
  readonly natGateways?: number;
  /** Endpoints that `natGateways` brings with it, times zones. */
  readonly endpointZones?: number;
  /** As `spot` of every service. */
  readonly spot?: SpotOptions;
}

function strategyOf(spot: SpotOptions): z.infer<typeof Strategy> {
  return capacityProviderStrategies(spot).map(({ capacityProvider, base = 0, weight = 0 }) => ({
    CapacityProvider: capacityProvider === 'FARGATE' ? 'FARGATE' : 'FARGATE_SPOT',
    Base: base,
    Weight: weight,
  }));
}

/** How many of a service's tasks are expected on Spot. */
function spotTasks(tasks: number, strategy: z.infer<typeof Strategy>): number {
  const weights = strategy.reduce((total, { Weight }) => total + Weight, 0);
  const bases = strategy.reduce((total, { Base }) => total + Base, 0);
  const spot = strategy.find(({ CapacityProvider }) => CapacityProvider === 'FARGATE_SPOT');
  return spot === undefined ? 0 : (Math.max(0, tasks - bases) * spot.Weight) / weights;
}

/** @param templates one CloudFormation template for each stack. @throws ZodError when a part has an unknown shape */
export function quantities(templates: readonly unknown[], settings: Settings = {}): Quantities {
  const stacks = templates.map((template) => Object.values(Template.parse(template).Resources));
  const all = (type: string): Record<string, unknown>[] =>
    stacks.flat().flatMap((resource) => (resource.Type === type ? [resource.Properties] : []));
  const services = stacks.flatMap((resources) => {
    const one = (type: string): Record<string, unknown>[] =>
      resources.flatMap((resource) => (resource.Type === type ? [resource.Properties] : []));
    return one('AWS::ECS::Service').map((service) => {
      // One task definition in the stack of each service.
      const [definition] = z.tuple([TaskDefinition]).parse(one('AWS::ECS::TaskDefinition'));
      const { DesiredCount, CapacityProviderStrategy } = Service.parse(service);
      const scaled = (): number =>
        z.tuple([ScalableTarget]).parse(one('AWS::ApplicationAutoScaling::ScalableTarget'))[0].MinCapacity;
      const tasks = settings.desiredCount ?? DesiredCount ?? scaled();
      const onSpot = spotTasks(tasks, settings.spot ? strategyOf(settings.spot) : CapacityProviderStrategy);
      const vcpus = definition.Cpu / 1024;
      const memoryGb = definition.Memory / 1024;
      return {
        tasks,
        vcpus: (tasks - onSpot) * vcpus,
        memoryGb: (tasks - onSpot) * memoryGb,
        spotVcpus: onSpot * vcpus,
        spotMemoryGb: onSpot * memoryGb,
        containers: tasks * (definition.ContainerDefinitions.length + 1),
      };
    });
  });
  const sum = (field: keyof (typeof services)[number]): number =>
    services.reduce((total, service) => total + service[field], 0);
  const natGateways = settings.natGateways ?? all('AWS::EC2::NatGateway').length;
  const endpoints = all('AWS::EC2::VPCEndpoint').map((one) => Endpoint.parse(one));
  const interfaces = endpoints.flatMap(({ VpcEndpointType, SubnetIds }) =>
    VpcEndpointType === 'Interface' ? SubnetIds : [],
  );
  const endpointZones = settings.endpointZones ?? interfaces.length;
  const loadBalancers = all('AWS::ElasticLoadBalancingV2::LoadBalancer').map((one) => LoadBalancer.parse(one));
  const nodes = loadBalancers.flatMap(({ Scheme, Subnets }) => (Scheme === 'internet-facing' ? Subnets : []));
  return {
    services: services.length,
    tasks: sum('tasks'),
    vcpus: sum('vcpus'),
    memoryGb: sum('memoryGb'),
    spotVcpus: sum('spotVcpus'),
    spotMemoryGb: sum('spotMemoryGb'),
    containers: sum('containers'),
    natGateways,
    endpointZones,
    loadBalancers: loadBalancers.length,
    publicAddresses: natGateways + nodes.length,
    repositories: all('AWS::ECR::Repository').length,
    enhancedInsights: all('AWS::ECS::Cluster').some((cluster) =>
      Cluster.parse(cluster).ClusterSettings.some(({ Value }) => Value === 'enhanced'),
    ),
    alarms: all('AWS::CloudWatch::Alarm').length,
    dashboards: all('AWS::CloudWatch::Dashboard').length,
  };
}
