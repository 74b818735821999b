/** What the commands ask ECS. */
import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  paginateListClusters,
  paginateListServices,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { clientSettings } from './client-settings.ts';
import type { NamedService } from './service-ids.ts';
import { REGION } from './paths.ts';
import { Complaint } from './complaint.ts';
import type { Region } from './region-file.ts';
import { serviceNamed } from './service-names.ts';

/** Half a minute: a control plane that died is back long before. */
const ATTEMPTS = 10;

export function ecsClient({ endpoint }: Region): ECSClient {
  return new ECSClient({ ...clientSettings(endpoint, REGION), maxAttempts: ATTEMPTS });
}

export async function listServices(ecs: ECSClient): Promise<Service[]> {
  const found: Service[] = [];
  for await (const clusters of paginateListClusters({ client: ecs }, {})) {
    for (const cluster of clusters.clusterArns ?? []) {
      for await (const page of paginateListServices({ client: ecs }, { cluster, maxResults: 10 })) {
        if ((page.serviceArns ?? []).length === 0) continue;
        const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: page.serviceArns }));
        found.push(...services.filter(({ status }) => status !== 'INACTIVE'));
      }
    }
  }
  return found;
}

const endpointsOf = ({ deployments: [primary] = [] }: Service) => primary?.serviceConnectConfiguration?.services ?? [];

/** Whether others reach it through its proxy: a client only, and a service without Service Connect, has none that listens. */
export const hasEndpoint = (service: Service): boolean => endpointsOf(service).length > 0;

export const named = (service: Service): NamedService => ({
  arn: service.serviceArn ?? '',
  serviceName: service.serviceName ?? '',
  discoveryNames: endpointsOf(service).flatMap(({ discoveryName }) => discoveryName ?? []),
});

/** The names under which a service is known: its own, and those it has in Service Connect. */
export function namesOf(service: Service): string[] {
  const { discoveryNames, serviceName } = named(service);
  return [...discoveryNames, ...(serviceName === '' ? [] : [serviceName])];
}

/** @throws Complaint that lists what there is */
export async function findService(ecs: ECSClient, name: string): Promise<Service> {
  const services = await listServices(ecs);
  const { arn } = serviceNamed(name, services.map(named));
  const service = services.find(({ serviceArn }) => serviceArn === arn);
  if (service === undefined) throw new Complaint(`no service ${name}: it has just been deleted`);
  return service;
}

/** Every task of a service that did not end yet: also those that are on their way out. */
export async function tasksOf(ecs: ECSClient, { clusterArn: cluster, serviceName }: Service): Promise<Task[]> {
  const found: Task[] = [];
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus }));
    if (taskArns.length === 0) continue;
    const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
    found.push(...tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED'));
  }
  return found;
}
