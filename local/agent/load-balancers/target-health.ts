/** The health of targets, from the load balancer's own checks: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
import type { TargetHealthReport } from '../aws/control-plane-channel.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import type { TargetGroup } from '../core/load-balancer.ts';
import type { TaskStatus } from '../core/task-plan.ts';
import { targetGroupEdsName } from '../core/topology/endpoints.ts';
import type { Task } from '../runtime/task.ts';

export interface TargetMemory {
  /** Result of the last active check by `cluster address:port`; absent before the first. */
  readonly healthy: Map<string, boolean>;
  /** Epoch milliseconds at which a target was first seen in a group, by task and group: an address has many tasks in its life. */
  readonly registeredAt: Map<string, number>;
}

/** What the target groups of a task say. */
export interface TargetStanding {
  /** Whether every target is healthy; one that no listener asks for is as good as it gets. */
  readonly ready: boolean;
  /** Why the task has to be replaced, if it has to. */
  readonly unhealthy: string | undefined;
  /** The ports at which a health check got the answer that it wants. */
  readonly answeringPorts: readonly number[];
}

interface Target {
  readonly task: Task;
  readonly groupArn: string;
  /** Absent when no listener of a load balancer that runs uses it. */
  readonly group: TargetGroup | undefined;
  readonly port: number;
}

const groupsOf = (balancers: readonly PlacedLoadBalancer[]): TargetGroup[] =>
  balancers.flatMap(({ loadBalancer }) => loadBalancer.targetGroups);

function targetsOf(task: Task, balancers: readonly PlacedLoadBalancer[]): Target[] {
  const groups = groupsOf(balancers);
  return task.plan.targets.map(({ targetGroupArn, containerPort }) => ({
    task,
    groupArn: targetGroupArn,
    group: groups.find(({ arn }) => arn === targetGroupArn),
    port: containerPort,
  }));
}

type State = TargetHealthReport['state'];

const checkKey = ({ task, groupArn, port }: Target): string =>
  `${targetGroupEdsName(groupArn)} ${task.plan.address}:${String(port)}`;
const registrationKey = ({ task, groupArn }: Target): string => `${task.plan.id} ${groupArn}`;

/** A target that has not passed yet is `initial` for as long as the checks need to call it unhealthy. */
function stateOf(target: Target, memory: TargetMemory, now: number): State {
  const { task, group } = target;
  if (!task.wanted) return 'draining';
  if (group === undefined) {
    // When a listener uses it again it begins anew.
    memory.registeredAt.delete(registrationKey(target));
    return 'unused';
  }
  if (memory.healthy.get(checkKey(target)) === true) return 'healthy';
  const since = memory.registeredAt.get(registrationKey(target)) ?? now;
  memory.registeredAt.set(registrationKey(target), since);
  const patience = group.healthCheck.unhealthyThreshold * group.healthCheck.intervalSeconds * 1000;
  return now - since < patience ? 'initial' : 'unhealthy';
}

/** Whether every target of a task is healthy, and why the task has to be replaced if one is not. */
export function targetHealthOf(
  task: Task,
  balancers: readonly PlacedLoadBalancer[],
  memory: TargetMemory,
  now: number,
): TargetStanding {
  if (task.status !== 'RUNNING')
    return { ready: task.plan.targets.length === 0, unhealthy: undefined, answeringPorts: [] };
  const states = targetsOf(task, balancers).map((target) => ({ target, state: stateOf(target, memory, now) }));
  const grace = task.plan.service.healthCheckGracePeriodSeconds * 1000;
  const failing = now - (task.startedAt ?? now) < grace ? undefined : states.find(({ state }) => state === 'unhealthy');
  return {
    ready: states.every(({ state }) => state === 'healthy' || state === 'unused'),
    unhealthy:
      failing === undefined ? undefined : `Task failed ELB health checks in (target-group ${failing.target.groupArn})`,
    answeringPorts: states.flatMap(({ target: { group, port }, state }) =>
      state === 'healthy' ? [group?.healthCheck.port ?? port] : [],
    ),
  };
}

const REASONS: Readonly<Partial<Record<State, { reason: string; description: string }>>> = {
  initial: { reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' },
  unhealthy: { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' },
  draining: { reason: 'Target.DeregistrationInProgress', description: 'Target deregistration is in progress' },
  unused: {
    reason: 'Target.NotInUse',
    description: 'Target group is not configured to receive traffic from the load balancer',
  },
};

/** Nothing is in flight any more when a task begins to stop. */
const LEFT: readonly TaskStatus[] = ['STOPPING', 'DEPROVISIONING', 'STOPPED'];

/** What DescribeTargetHealth shall say, by target group ARN: of every group that a load balancer uses or that has a target. */
export function targetReports(
  tasks: readonly Task[],
  balancers: readonly PlacedLoadBalancer[],
  memory: TargetMemory,
  now: number,
): Map<string, TargetHealthReport[]> {
  const reports = new Map<string, TargetHealthReport[]>(groupsOf(balancers).map(({ arn }) => [arn, []]));
  for (const task of tasks) {
    if (task.startedAt === undefined || LEFT.includes(task.status)) continue;
    for (const target of targetsOf(task, balancers)) {
      const state = stateOf(target, memory, now);
      const report = {
        id: task.plan.address,
        port: target.port,
        availabilityZone: task.plan.subnet.zone,
        state,
        ...REASONS[state],
      };
      reports.set(target.groupArn, [...(reports.get(target.groupArn) ?? []), report]);
    }
  }
  return reports;
}

/** Forgets when the tasks that are gone were registered. */
export function forgetGone(tasks: readonly Task[], { registeredAt }: TargetMemory): void {
  const there = new Set(tasks.map(({ plan }) => plan.id));
  for (const key of registeredAt.keys()) if (!there.has(key.split(' ')[0] ?? '')) registeredAt.delete(key);
}
