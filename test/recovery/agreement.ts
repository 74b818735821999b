/** Whether the records of the AWS APIs, the processes of the machine and the answers of the system agree. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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
import { RUN } from '../../local/region/paths.ts';
import { urlOf, type Region } from '../../local/region/region-file.ts';
import { places } from '../../local/region/places.ts';
import { processes } from './processes.ts';

export interface Clients {
  readonly ecs: ECSClient;
  readonly cloudFormation: CloudFormationClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly cloudMap: ServiceDiscoveryClient;
}

/** What the actions were told is so. */
export interface Expected {
  /** Desired count by discovery name. */
  readonly counts: ReadonlyMap<string, number>;
  /** Environment variable of service-b's tasks. */
  readonly version: readonly [name: string, value: string] | undefined;
  /** Deployments that were accepted, by discovery name: still there, or followed by another. */
  readonly deployments: ReadonlyMap<string, string>;
}

/** What one list has more than the other. */
function same(what: string, found: Iterable<string>, wanted: Iterable<string>): string[] {
  const [left, right] = [[...found], [...wanted]];
  const more = (these: string[], those: string[]) =>
    these.filter((one) => !those.includes(one)).map((one) => one.slice(0, 24));
  const [extra, missing] = [more(left, right), more(right, left)];
  if (extra.length + missing.length === 0 && left.length === right.length) return [];
  return [`${what}: too many: ${extra.join(' ') || 'none'}, missing: ${missing.join(' ') || 'none'}`];
}
const idOf = (arn: string | undefined): string => arn?.split('/').at(-1) ?? '';
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

/** Every task runs, and nothing runs that is no task's, no load balancer's and no door's. */
function running({ regionId }: Region, tasks: readonly Task[], { version }: Expected): string[] {
  const found = processes(regionId);
  const of = (kind: string) => found.filter((one) => one.kind === kind);
  const ids = tasks.map(({ taskArn }) => idOf(taskArn));
  const known = new Map(tasks.map((task) => [idOf(task.taskArn), task]));
  const nodes = Object.keys(places());
  const taskIds = (kind: string) => of(kind).flatMap(({ taskId }) => taskId ?? []);
  const versions = of('application').filter(
    ({ taskId, variables }) =>
      known.get(taskId ?? '')?.group?.includes('ServiceB') === true &&
      version !== undefined &&
      variables.get(version[0]) !== version[1],
  );
  const router = of('pause').find(({ pid }) => interfacesOf(pid).length > 0);
  const directory = (name: string): string[] => (existsSync(join(RUN, name)) ? readdirSync(join(RUN, name)) : []);
  return [
    of('agent').length === 1 ? '' : `${String(of('agent').length)} agents`,
    of('control plane').length === 1 ? '' : `${String(of('control plane').length)} control planes`,
    ...same('applications of tasks', taskIds('application'), ids),
    ...same('sidecars of tasks', taskIds('Envoy'), ids),
    ...same('run directories', directory('task'), ids),
    ...same(
      'task files',
      directory('tasks'),
      ids.map((id) => `${id}.json`),
    ),
    // Each node of the load balancer has an Envoy; the door, which is one of the places, has two on each side.
    count(
      'Envoys that are no sidecars',
      of('Envoy').filter(({ taskId }) => taskId === undefined).length,
      nodes.length + 3,
    ),
    // Of every task, of every place, of the VPC's router, and of the region.
    count('pause processes', of('pause').length, ids.length + nodes.length + 2),
    count(
      'interfaces of the router',
      router === undefined ? 0 : interfacesOf(router.pid).length,
      ids.length + nodes.length,
    ),
    versions.length === 0 ? '' : `${String(versions.length)} tasks of service-b do not run ${String(version?.[1])}`,
  ].filter((text) => text !== '');
}

const count = (what: string, found: number, wanted: number): string =>
  found === wanted ? '' : `${String(found)} ${what} instead of ${String(wanted)}`;

/** The router's side of every task's and node's interface. */
function interfacesOf(pid: number): string[] {
  try {
    const user = process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials'];
    const command = ['-t', String(pid), ...user, '-n', 'ip', '-o', 'link'];
    const text = execFileSync('nsenter', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...text.matchAll(/^\d+: (eni\d+)@/gm)].map(([, name]) => name ?? '');
  } catch {
    return []; // it ended while it was looked at
  }
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
