/** Reads everything that decides something, in one consistent pass. */
import { DescribeTasksCommand, paginateListTasks, type ECSClient } from '@aws-sdk/client-ecs';
import { paginateListNamespaces, type ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { z } from 'zod';
import type { Namespace, RegionState } from '../core/region-state.ts';
import type { TaskDefinition } from '../core/task-definition.ts';
import { deploymentOfOrder } from '../core/ordered-task.ts';
import type { Complain } from '../../region/complaints.ts';
import type { AwsClients } from './clients.ts';
import type { ControlPlaneChannel } from './control-plane-channel.ts';
import { isControlPlaneGone } from './control-plane-gone.ts';
import { oneLine } from '../../region/one-line.ts';
import { readEach } from './read-each.ts';
import { readNames } from './read-names.ts';
import { readSecurityGroups, readSubnets, readVpcCidrs } from './read-network.ts';
import { readRouteTables, readVpcEndpoints } from './read-ways.ts';
import type { ServicesReader } from './read-services.ts';
import { readTaskDefinition } from './read-task-definition.ts';

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateHttpNamespace.html: no space, so that a hosts file stays whole */
const NamespaceName = z
  .string()
  .regex(/^[!-~]{1,1024}$/, 'not a namespace name: use letters, digits, hyphens and dots');
const NamespaceSchema = z.object({
  Id: z.string(),
  Arn: z.string(),
  Name: NamespaceName,
  Properties: z
    .object({
      DnsProperties: z
        .object({ HostedZoneId: z.string().optional(), SOA: z.object({ TTL: z.number().optional() }).optional() })
        .optional(),
    })
    .optional(),
});

/** Task definitions never change once registered, so each is read once, and forgotten when nobody names it. */
export type TaskDefinitionCache = Map<string, TaskDefinition>;

export interface RegionSources {
  readonly aws: Pick<AwsClients, 'ecs' | 'ec2' | 'cloudMap' | 'route53'>;
  readonly services: ServicesReader;
  readonly cache: TaskDefinitionCache;
  readonly channel: Pick<ControlPlaneChannel, 'tasksToRun'>;
}

/** What can't be read of it is complained about and left out; a control plane that does not answer throws. */
export async function readRegion(
  { aws, services: reader, cache, channel }: RegionSources,
  complain: Complain,
): Promise<RegionState> {
  const [services, taskOrders, securityGroups, subnets, vpcCidrs, namespaces, routeTables, vpcEndpoints] =
    await Promise.all([
      reader.read(complain),
      channel.tasksToRun(complain),
      readSecurityGroups(aws.ec2, complain),
      readSubnets(aws.ec2, complain),
      readVpcCidrs(aws.ec2, complain),
      readNamespaces(aws.cloudMap, complain),
      readRouteTables(aws.ec2, complain),
      readVpcEndpoints(aws.ec2, complain),
    ]);
  const named = services.flatMap(({ deployments }) => deployments).concat(taskOrders.map(deploymentOfOrder));
  await readTaskDefinitions(aws.ecs, new Set(named.map((one) => one.taskDefinitionArn)), cache, complain);
  const clusters = new Set([...services, ...taskOrders].map(({ clusterArn }) => clusterArn));
  const tasksToStop = await readTasksToStop(aws.ecs, clusters, complain);
  const names = await readNames(aws, { services, namespaces, vpcIds: vpcCidrs.keys() }, complain);
  return {
    ...{ services, securityGroups, subnets, vpcCidrs, namespaces, names, routeTables, vpcEndpoints },
    ...{ taskDefinitions: cache, taskOrders, tasksToStop },
  };
}

export async function readTaskDefinitions(
  ecs: ECSClient,
  named: ReadonlySet<string>,
  cache: TaskDefinitionCache,
  complain: Complain,
): Promise<void> {
  for (const arn of cache.keys()) if (!named.has(arn)) cache.delete(arn);
  for (const arn of named) {
    if (cache.has(arn)) continue;
    try {
      cache.set(arn, await readTaskDefinition(ecs, arn));
    } catch (error) {
      if (isControlPlaneGone(error)) throw error;
      complain(arn, `task definition ${arn} can't be read: ${oneLine(error)}`);
    }
  }
}

/** Fifteen seconds is what the console of Cloud Map proposes. */
const SOA_TTL_SECONDS = 15;

function narrowNamespace({ Id, Arn, Name, Properties }: z.infer<typeof NamespaceSchema>): Namespace {
  const dns = Properties?.DnsProperties;
  const zone = dns?.HostedZoneId;
  const soaTtl = zone === undefined ? undefined : (dns?.SOA?.TTL ?? SOA_TTL_SECONDS);
  return { id: Id, arn: Arn, name: Name, zoneId: zone, soaTtl };
}

export async function readNamespaces(cloudMap: ServiceDiscoveryClient, complain: Complain): Promise<Namespace[]> {
  const namespaces: Namespace[] = [];
  for await (const page of paginateListNamespaces({ client: cloudMap }, {})) {
    for (const raw of readEach(NamespaceSchema, page.Namespaces, 'namespace', ['Arn', 'Id', 'Name'], complain))
      namespaces.push(narrowNamespace(raw));
  }
  return namespaces;
}

const TaskToStop = z.object({ taskArn: z.string(), lastStatus: z.string(), stoppedReason: z.string().optional() });

/** Tasks that somebody asked to stop (`aws ecs stop-task`), by task id with the reason. */
async function readTasksToStop(
  ecs: ECSClient,
  clusters: ReadonlySet<string>,
  complain: Complain,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const cluster of clusters) {
    for await (const page of paginateListTasks({ client: ecs }, { cluster, desiredStatus: 'STOPPED' })) {
      const arns = page.taskArns ?? [];
      for (let first = 0; first < arns.length; first += 100) {
        const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns.slice(first, first + 100) }));
        for (const raw of readEach(TaskToStop, answer.tasks, 'task', ['taskArn'], complain)) {
          const id = raw.taskArn.split('/').at(-1);
          if (raw.lastStatus !== 'STOPPED' && id !== undefined)
            found.set(id, raw.stoppedReason ?? 'Task stopped by user');
        }
      }
    }
  }
  return found;
}
