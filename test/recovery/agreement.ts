/** Whether the records of the AWS APIs, the processes of the machine and the answers of the system agree. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { ECSClient, Service, Task } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DiscoverInstancesCommand,
  ListNamespacesCommand,
  ListServicesCommand,
  ServiceDiscoveryClient,
} from '@aws-sdk/client-servicediscovery';
import { listServices, namesOf, tasksOf } from '../../local/region/ecs.ts';
import { urlOf, type Region } from '../../local/region/region-file.ts';
import { idOf, same, type Expected } from './differences.ts';
import { running } from './running.ts';

export interface Clients {
  readonly ecs: ECSClient;
  readonly cloudFormation: CloudFormationClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly cloudMap: ServiceDiscoveryClient;
}

const addressOf = (task: Task): string =>
  task.attachments?.[0]?.details?.find(({ name }) => name === 'privateIPv4Address')?.value ?? '';

/** Everything that does not agree at this moment; nothing when the region is steady and tells the truth. */
export async function disagreements(region: Region, clients: Clients, expected: Expected): Promise<string[]> {
  const services = await listServices(clients.ecs);
  const found = await Promise.all(
    services.map(async (service) => ({ service, tasks: await tasksOf(clients.ecs, service) })),
  );
  const all = found.flatMap(({ tasks }) => tasks);
  return [
    ...found.flatMap(({ service, tasks }) => steadiness(service, tasks, expected)),
    ...same(
      'services',
      services.map((service) => namesOf(service)[0] ?? ''),
      expected.counts.keys(),
    ),
    ...running(region, all, expected),
    ...(await stacks(clients.cloudFormation)),
    ...(await targets(clients.elb, found)),
    ...(await instances(clients.cloudMap, found)),
    ...(await answers(region)),
  ];
}

function steadiness(service: Service, tasks: readonly Task[], { counts, deployments }: Expected): string[] {
  const name = namesOf(service)[0] ?? '';
  const { deployments: [primary, ...others] = [], runningCount, pendingCount, desiredCount } = service;
  const count = counts.get(name);
  const accepted = deployments.get(name);
  const complaints = [
    others.length > 0 ? `${String(others.length)} older deployments` : '',
    primary?.rolloutState === 'COMPLETED' ? '' : `rollout ${String(primary?.rolloutState)}`,
    desiredCount === count ? '' : `${String(desiredCount)} tasks wanted instead of ${String(count)}`,
    runningCount === count && pendingCount === 0
      ? ''
      : `${String(runningCount)} running and ${String(pendingCount)} pending of ${String(count)}`,
    tasks.length === count ? '' : `${String(tasks.length)} tasks instead of ${String(count)}`,
    accepted === undefined || accepted === primary?.id ? '' : `deployment ${accepted} was accepted and is lost`,
    ...tasks.map(({ lastStatus, healthStatus, startedBy, taskArn }) =>
      lastStatus === 'RUNNING' && healthStatus === 'HEALTHY' && startedBy === primary?.id
        ? ''
        : `task ${idOf(taskArn)} is ${String(lastStatus)} and ${String(healthStatus)} of ${String(startedBy)}`,
    ),
  ];
  return complaints.filter((text) => text !== '').map((text) => `${name}: ${text}`);
}

async function stacks(cloudFormation: CloudFormationClient): Promise<string[]> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  return Stacks.filter(({ StackStatus = '' }) => !StackStatus.endsWith('_COMPLETE')).map(
    ({ StackName = '', StackStatus = '' }) => `stack ${StackName} is ${StackStatus}`,
  );
}

interface Found {
  readonly service: Service;
  readonly tasks: readonly Task[];
}

async function targets(elb: ElasticLoadBalancingV2Client, found: readonly Found[]): Promise<string[]> {
  const { TargetGroups = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
  const complaints = await Promise.all(
    TargetGroups.map(async ({ TargetGroupArn }) => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
      const described = health.TargetHealthDescriptions ?? [];
      const behind = found.filter(({ service }) =>
        service.loadBalancers?.some(({ targetGroupArn }) => targetGroupArn === TargetGroupArn),
      );
      return same(
        'targets',
        described.map(({ Target, TargetHealth }) => `${String(Target?.Id)} ${String(TargetHealth?.State)}`),
        behind.flatMap(({ tasks }) => tasks.map((task) => `${addressOf(task)} healthy`)),
      );
    }),
  );
  return complaints.flat();
}

async function instances(cloudMap: ServiceDiscoveryClient, found: readonly Found[]): Promise<string[]> {
  const { Namespaces = [] } = await cloudMap.send(new ListNamespacesCommand({}));
  const { Services = [] } = await cloudMap.send(new ListServicesCommand({}));
  const complaints = await Promise.all(
    found.map(async ({ service, tasks }) => {
      const name = namesOf(service)[0] ?? '';
      if (!Services.some(({ Name }) => Name === name)) return [`Cloud Map does not know ${name}`];
      const command = new DiscoverInstancesCommand({ NamespaceName: Namespaces[0]?.Name, ServiceName: name });
      const { Instances = [] } = await cloudMap.send(command);
      const addresses = Instances.map(({ Attributes }) => Attributes?.['AWS_INSTANCE_IPV4'] ?? '');
      return same(`Cloud Map instances of ${name}`, addresses, tasks.map(addressOf));
    }),
  );
  return complaints.flat();
}

/** Enough requests to meet both nodes and each task. */
const REQUESTS = 6;

async function answers(region: Region): Promise<string[]> {
  const complaints: string[] = [];
  for (let request = 0; request < REQUESTS; request++) {
    const signal = AbortSignal.timeout(5_000);
    const response = await fetch(`${urlOf(region)}/?name=Hello`, { headers: { connection: 'close' }, signal });
    const text = await response.text();
    if (!text.startsWith('{"key_one":"(Hello)Field 1","key_two":"(Hello)Field 2","key_time":"'))
      complaints.push(`answer ${String(response.status)}: ${text}`);
  }
  return complaints;
}
