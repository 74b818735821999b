/** Reads everything that decides something, in one consistent pass. */
import { DescribeTasksCommand, paginateListTasks, type ECSClient } from '@aws-sdk/client-ecs';
import { paginateListNamespaces, type ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { z } from 'zod';
import type { Namespace, RegionState, Service, TaskDefinition } from '../core/region-state.ts';
import type { AwsClients } from './clients.ts';
import { readSecurityGroups, readSubnets, readVpcCidrs } from './read-network.ts';
import { readServices } from './read-services.ts';
import { readTaskDefinition } from './read-task-definition.ts';

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateHttpNamespace.html: no space, so that a hosts file stays whole */
const NamespaceName = z
  .string()
  .regex(/^[!-~]{1,1024}$/, 'not a namespace name: use letters, digits, hyphens and dots');
const NamespaceSchema = z.object({ Id: z.string(), Arn: z.string(), Name: NamespaceName });

/** Task definitions never change once registered, so each is read once. */
export type TaskDefinitionCache = Map<string, TaskDefinition>;

export async function readRegion(aws: AwsClients, cache: TaskDefinitionCache): Promise<RegionState> {
  const [services, securityGroups, subnets, vpcCidrs, namespaces] = await Promise.all([
    readServices(aws.ecs),
    readSecurityGroups(aws.ec2),
    readSubnets(aws.ec2),
    readVpcCidrs(aws.ec2),
    readNamespaces(aws.cloudMap),
  ]);
  for (const arn of new Set(
    services.flatMap((service) => service.deployments.map((deployment) => deployment.taskDefinitionArn)),
  )) {
    if (!cache.has(arn)) cache.set(arn, await readTaskDefinition(aws.ecs, arn));
  }
  const tasksToStop = await readTasksToStop(aws.ecs, services);
  return { services, securityGroups, subnets, vpcCidrs, namespaces, taskDefinitions: cache, tasksToStop };
}

export async function readNamespaces(cloudMap: ServiceDiscoveryClient): Promise<Namespace[]> {
  const namespaces: Namespace[] = [];
  for await (const page of paginateListNamespaces({ client: cloudMap }, {})) {
    for (const raw of z.array(NamespaceSchema).parse(page.Namespaces ?? []))
      namespaces.push({ id: raw.Id, arn: raw.Arn, name: raw.Name });
  }
  return namespaces;
}

const TaskToStop = z.object({ taskArn: z.string(), lastStatus: z.string(), stoppedReason: z.string().optional() });

/** Tasks that somebody asked to stop (`aws ecs stop-task`), by task id with the reason. */
async function readTasksToStop(ecs: ECSClient, services: readonly Service[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const cluster of new Set(services.map((service) => service.clusterArn))) {
    for await (const page of paginateListTasks({ client: ecs }, { cluster, desiredStatus: 'STOPPED' })) {
      const arns = page.taskArns ?? [];
      for (let first = 0; first < arns.length; first += 100) {
        const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.slice(first, first + 100) }));
        for (const raw of z.array(TaskToStop).parse(answer.tasks ?? [])) {
          const id = raw.taskArn.split('/').at(-1);
          if (raw.lastStatus !== 'STOPPED' && id !== undefined)
            found.set(id, raw.stoppedReason ?? 'Task stopped by user');
        }
      }
    }
  }
  return found;
}
