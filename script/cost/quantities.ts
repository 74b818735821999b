/** What the templates of the system make AWS count and bill. */
import { z } from 'zod';

const Template = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const Service = z.looseObject({ DesiredCount: z.number() });
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
  /** With the proxy of each task. */
  readonly containers: number;
  readonly natGateways: number;
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
      const tasks = settings.desiredCount ?? Service.parse(service).DesiredCount;
      return {
        tasks,
        vcpus: (tasks * definition.Cpu) / 1024,
        memoryGb: (tasks * definition.Memory) / 1024,
        containers: tasks * (definition.ContainerDefinitions.length + 1),
      };
    });
  });
  const sum = (field: 'tasks' | 'vcpus' | 'memoryGb' | 'containers'): number =>
    services.reduce((total, service) => total + service[field], 0);
  const natGateways = settings.natGateways ?? all('AWS::EC2::NatGateway').length;
  const loadBalancers = all('AWS::ElasticLoadBalancingV2::LoadBalancer').map((one) => LoadBalancer.parse(one));
  const nodes = loadBalancers.flatMap(({ Scheme, Subnets }) => (Scheme === 'internet-facing' ? Subnets : []));
  return {
    services: services.length,
    tasks: sum('tasks'),
    vcpus: sum('vcpus'),
    memoryGb: sum('memoryGb'),
    containers: sum('containers'),
    natGateways,
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
