/** Reads what goes on in a region, from the AWS APIs and from the agent. */
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { DescribeTasksCommand, ECSClient, paginateListTasks, type Service } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { clientSettings } from '../../region/client-settings.ts';
import { complaintsNow } from '../../region/agent-client.ts';
import { serviceIds } from '../../region/service-ids.ts';
import { listServices, named } from '../../region/ecs.ts';
import { REGION } from '../../region/paths.ts';
import type { Region } from '../../region/region-file.ts';
import type { Moment, StackEvent, StackState, StoppedTask } from './moment.ts';
import { awaitedTargets } from './read-targets.ts';
import { firstFailure, isRolledBack } from './words.ts';

/** The most that DescribeTasks takes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html */
const AT_ONCE = 100;
/** A stack that ended this long ago still has its last events looked at: several looks. */
const JUST_NOW_MS = 10_000;

const changedAt = ({ LastUpdatedTime, CreationTime, DeletionTime }: Stack): number =>
  Math.max(0, ...[LastUpdatedTime, CreationTime, DeletionTime].map((time) => time?.getTime() ?? 0));

export class MomentReader {
  readonly #ecs: ECSClient;
  readonly #cloudFormation: CloudFormationClient;
  readonly #elb: ElasticLoadBalancingV2Client;
  /** A task that has stopped does not change any more. */
  #stopped = new Map<string, StoppedTask>();
  /** By stack, for its last change. */
  readonly #whys = new Map<string, { readonly key: string; readonly why: string }>();
  /** When each stack was seen to be changed last. */
  readonly #changing = new Map<string, number>();

  constructor({ endpoint }: Pick<Region, 'endpoint'>) {
    const settings = clientSettings(endpoint, REGION);
    this.#ecs = new ECSClient(settings);
    this.#cloudFormation = new CloudFormationClient(settings);
    this.#elb = new ElasticLoadBalancingV2Client(settings);
  }

  /** @param services when they were read already */
  async read(services?: readonly Service[]): Promise<Moment> {
    const found = services ?? (await listServices(this.#ecs));
    const [stopped, awaited, { stacks, stackEvents }, complaints] = await Promise.all([
      this.#readStopped(found),
      awaitedTargets(this.#elb, found),
      this.#readStacks(),
      // An agent that starts again, or does not tell it, has nothing to complain of.
      complaintsNow().catch(() => []),
    ]);
    const names = serviceIds(found.map(named));
    return { at: Date.now(), services: found, names, stopped, awaited, stacks, stackEvents, complaints };
  }

  async #readStopped(services: readonly Service[]): Promise<StoppedTask[]> {
    const found = new Map<string, StoppedTask>();
    for (const cluster of new Set(services.flatMap(({ clusterArn }) => clusterArn ?? []))) {
      const byName = new Map(
        services
          .filter(({ clusterArn }) => clusterArn === cluster)
          .map(({ serviceName = '', serviceArn = '' }) => [`service:${serviceName}`, serviceArn]),
      );
      const arns: string[] = [];
      for await (const { taskArns = [] } of paginateListTasks(
        { client: this.#ecs },
        { cluster, desiredStatus: 'STOPPED' },
      ))
        arns.push(...taskArns);
      const unknown = arns.filter((arn) => {
        const before = this.#stopped.get(arn);
        if (before !== undefined) found.set(arn, before);
        return before === undefined;
      });
      for (let begin = 0; begin < unknown.length; begin += AT_ONCE) {
        const asked = new DescribeTasksCommand({ cluster, tasks: unknown.slice(begin, begin + AT_ONCE) });
        const { tasks = [] } = await this.#ecs.send(asked);
        for (const { taskArn = '', group = '', stopCode = '', stoppedReason = '', stoppedAt, stoppingAt } of tasks) {
          const serviceArn = byName.get(group);
          const at = stoppedAt ?? stoppingAt;
          if (serviceArn === undefined || stoppedReason === '') continue;
          const id = taskArn.split('/').at(-1) ?? taskArn;
          const task = { id, serviceArn, stopCode, reason: stoppedReason, at: at?.getTime() ?? Date.now() };
          found.set(taskArn, task);
        }
      }
    }
    this.#stopped = found;
    return [...found.values()];
  }

  async #readStacks(): Promise<{ stacks: StackState[]; stackEvents: StackEvent[] }> {
    const stacks: StackState[] = [];
    const now = Date.now();
    for await (const { Stacks = [] } of paginateDescribeStacks({ client: this.#cloudFormation }, {}))
      for (const stack of Stacks) {
        const { StackName: name = '', StackId: id = name, StackStatus: status = '', StackStatusReason = '' } = stack;
        const reason =
          StackStatusReason === '' && isRolledBack(status) ? await this.#whyOf(id, stack) : StackStatusReason;
        stacks.push({ name, status, reason, at: changedAt(stack) });
        if (status.endsWith('_IN_PROGRESS') || now - changedAt(stack) < JUST_NOW_MS) this.#changing.set(id, now);
      }
    const stackEvents: StackEvent[] = [];
    for (const [id, at] of this.#changing) {
      if (now - at > JUST_NOW_MS) this.#changing.delete(id);
      else stackEvents.push(...(await this.#eventsOf(id)));
    }
    return { stacks, stackEvents };
  }

  /** What failed first, as the stack itself says no more once it is rolled back. */
  async #whyOf(id: string, stack: Stack): Promise<string> {
    const key = `${id} ${String(changedAt(stack))}`;
    const known = this.#whys.get(id);
    if (known?.key === key) return known.why;
    const begun = (stack.LastUpdatedTime ?? stack.CreationTime)?.getTime() ?? 0;
    // Times of events are whole seconds.
    const since = Math.floor(begun / 1000) * 1000;
    const why = firstFailure((await this.#eventsOf(id)).filter(({ at }) => at >= since));
    this.#whys.set(id, { key, why });
    return why;
  }

  /** The latest: a page of them is more than comes between two looks. */
  async #eventsOf(StackName: string): Promise<StackEvent[]> {
    const { StackEvents = [] } = await this.#cloudFormation
      .send(new DescribeStackEventsCommand({ StackName }))
      // It was deleted in this moment.
      .catch(() => ({ StackEvents: [] }));
    return StackEvents.map((event) => ({
      id: event.EventId ?? '',
      stack: event.StackName ?? '',
      resource: event.LogicalResourceId ?? '',
      type: event.ResourceType ?? '',
      status: event.ResourceStatus ?? '',
      reason: event.ResourceStatusReason ?? '',
      at: event.Timestamp?.getTime() ?? 0,
    }));
  }
}
