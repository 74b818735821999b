/**
 * Which tasks are to be in Cloud Map by the service registry of their service, and what has to be done for that:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 */
import type { DiscoveryService } from '../names/region-names.ts';
import { isOfEcs } from '../names/vpc-zones.ts';
import type { TaskPlan } from '../task-plan.ts';

export interface RegisteredTask {
  readonly plan: TaskPlan;
  /** It runs, and nobody asked it to stop. */
  readonly there: boolean;
  /** No health check of a container says otherwise. */
  readonly healthy: boolean;
}

export type RegistryStep = {
  readonly serviceId: string;
  readonly instanceId: string;
  /** What a complaint calls it. */
  readonly ecsService: string;
} & (
  | { readonly act: 'register'; readonly attributes: Readonly<Record<string, string>> }
  | { readonly act: 'deregister' }
  | { readonly act: 'health'; readonly healthy: boolean }
);

/** As ECS registers a task: the developer guide's "Service discovery", and `aws servicediscovery discover-instances` of one. */
function attributesOf({ plan, healthy }: RegisteredTask, service: DiscoveryService, port: number | undefined) {
  return {
    AWS_INSTANCE_IPV4: plan.address,
    ...(port === undefined ? {} : { AWS_INSTANCE_PORT: String(port) }),
    ...(service.customHealth ? { AWS_INIT_HEALTH_STATUS: healthy ? 'HEALTHY' : 'UNHEALTHY' } : {}),
    AVAILABILITY_ZONE: plan.subnet.zone,
    REGION: plan.arn.split(':')[3] ?? '',
    ECS_CLUSTER_NAME: plan.service.clusterArn.split('/').at(-1) ?? '',
    ECS_SERVICE_NAME: plan.service.name,
    ECS_TASK_DEFINITION_FAMILY: plan.taskDefinition.family,
  };
}

/** What Cloud Map is to be told, so that it has the tasks that are there, each once, with its health. */
export function registrySteps(
  tasks: readonly RegisteredTask[],
  discovery: readonly DiscoveryService[],
): RegistryStep[] {
  return discovery.flatMap((service) => {
    const registered = new Map(service.instances.map((one) => [one.id, one]));
    const wanted = tasks.flatMap((task) =>
      (task.there ? task.plan.service.registries : [])
        .filter(({ arn }) => arn === service.arn)
        .map(({ port, containerPort }) => ({ task, port: port ?? containerPort })),
    );
    const ids = new Set(wanted.map(({ task }) => task.plan.id));
    const gone = service.instances
      .filter((one) => isOfEcs(one) && !ids.has(one.id))
      .map((one): RegistryStep => ({
        ...{ act: 'deregister', serviceId: service.id, instanceId: one.id },
        ecsService: one.attributes['ECS_SERVICE_NAME'] ?? service.name,
      }));
    const there = wanted.flatMap(({ task, port }): RegistryStep[] => {
      const { id } = task.plan;
      const step = { serviceId: service.id, instanceId: id, ecsService: task.plan.service.arn };
      const row = registered.get(id);
      if (row === undefined) return [{ ...step, act: 'register', attributes: attributesOf(task, service, port) }];
      return service.customHealth && row.healthy !== task.healthy
        ? [{ ...step, act: 'health', healthy: task.healthy }]
        : [];
    });
    return [...gone, ...there];
  });
}
