/** The health of targets, from the load balancer's own checks: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
import type { TargetHealthReport } from '../aws/control-plane-channel.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { ofGrpc, type CheckFailure } from '../core/envoy/check-events.ts';
import { isEnabled, type TargetGroup } from '../core/load-balancer.ts';
import {
  DEREGISTRATION_IN_PROGRESS,
  INITIAL_HEALTH_CHECKING,
  INTERNAL_ERROR,
  NOT_IN_USE,
  reasonOfFailure,
  REGISTRATION_IN_PROGRESS,
  ZONE_NOT_ENABLED,
  type Reason,
} from '../core/target-reasons.ts';
import type { TaskStatus } from '../core/task-plan.ts';
import { targetGroupEdsName } from '../core/topology/endpoints.ts';
import type { Task } from '../runtime/task.ts';

export interface TargetMemory {
  /**
   * Result of the last active check by `cluster address:port`: undefined while the first is under way, absent where no node
   * has the target.
   */
  readonly healthy: Map<string, boolean | undefined>;
  /** What the last check of a target found that failed, by the same keys. */
  readonly failures: Map<string, CheckFailure>;
  /** Epoch milliseconds at which a target was first seen in a group, by task and group: an address has many tasks in its life. */
  readonly registeredAt: Map<string, number>;
}

/** What the target groups of a task say. */
export interface TargetStanding {
  /** Whether every target is healthy; one that no listener asks for is as good as it gets. */
  readonly ready: boolean;
  /** Why the task has to be replaced, if it has to. */
  readonly unhealthy: string | undefined;
  /** The same for the events of its service. */
  readonly event?: string;
  /** The ports at which a health check got the answer that it wants. */
  readonly answeringPorts: readonly number[];
}

/** Of a task, or registered by somebody. */
interface Checked {
  readonly address: string;
  readonly port: number;
  readonly zone: string | undefined;
  readonly groupArn: string;
  /** By which it is told from those that had its address before it. */
  readonly registration: string;
  /** False: it is on its way out. */
  readonly wanted: boolean;
  /** Whether the nodes were told of it. */
  readonly told: boolean;
  /** Absent when no listener of a load balancer that runs uses it. */
  readonly group: TargetGroup | undefined;
}

interface Target extends Checked {
  readonly task: Task;
}

const groupsOf = (balancers: readonly PlacedLoadBalancer[]): TargetGroup[] =>
  balancers.flatMap(({ loadBalancer }) => loadBalancer.targetGroups);

function targetsOf(task: Task, balancers: readonly PlacedLoadBalancer[]): Target[] {
  const groups = groupsOf(balancers);
  return task.plan.targets.map(({ targetGroupArn, containerPort }) => ({
    task,
    address: task.plan.address,
    port: containerPort,
    zone: task.plan.subnet.zone,
    groupArn: targetGroupArn,
    registration: `${task.plan.id} ${targetGroupArn}`,
    wanted: task.wanted,
    told: task.healthyOnce,
    group: groups.find(({ arn }) => arn === targetGroupArn),
  }));
}

type State = TargetHealthReport['state'];
type Health = { readonly state: State } & Partial<Reason>;

const checkKey = ({ address, groupArn, port }: Checked): string =>
  `${targetGroupEdsName(groupArn)} ${address}:${String(port)}`;

/** Those that somebody registered, of every group that a load balancer uses. */
const registeredIn = (balancers: readonly PlacedLoadBalancer[]): Checked[] =>
  groupsOf(balancers).flatMap((group) =>
    (group.registered ?? []).map((target) => ({
      ...target,
      groupArn: group.arn,
      registration: `${target.address}:${String(target.port)} ${group.arn}`,
      wanted: true,
      told: true,
      group,
    })),
  );

/** A target that has not passed yet is `initial` for as long as the checks need to call it unhealthy. */
function healthOf(target: Checked, memory: TargetMemory, now: number): Health {
  const { group, registration } = target;
  if (!target.wanted) return { state: 'draining', ...DEREGISTRATION_IN_PROGRESS };
  if (group === undefined) {
    // When a listener uses it again, it begins from the start.
    memory.registeredAt.delete(registration);
    return { state: 'unused', ...NOT_IN_USE };
  }
  if (!isEnabled(group, target.zone)) return { state: 'unused', ...ZONE_NOT_ENABLED };
  const key = checkKey(target);
  if (memory.healthy.get(key) === true) return { state: 'healthy' };
  const since = memory.registeredAt.get(registration) ?? now;
  memory.registeredAt.set(registration, since);
  const patience = group.healthCheck.unhealthyThreshold * group.healthCheck.intervalSeconds * 1000;
  const isChecked = memory.healthy.has(key);
  if (now - since < patience)
    return { state: 'initial', ...(isChecked ? INITIAL_HEALTH_CHECKING : REGISTRATION_IN_PROGRESS) };
  // Nodes are told of a task when it listens: until then it is the target that fails, and afterwards they would have it.
  if (target.told && !isChecked) return { state: 'unhealthy', ...INTERNAL_ERROR };
  const failure = memory.failures.get(key);
  const found = failure !== undefined && group.protocolVersion === 'GRPC' ? ofGrpc(failure) : failure;
  return { state: 'unhealthy', ...reasonOfFailure(found) };
}

/** ECS replaces a task whose zone the load balancer is not enabled for, as one that fails its checks. */
const isFailing = ({ state, description }: Health): boolean =>
  state === 'unhealthy' || description === ZONE_NOT_ENABLED.description;

/** As ECS says it: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-load-balancers.html */
function toldOf({ task, groupArn, port }: Target, description = ''): Pick<TargetStanding, 'unhealthy' | 'event'> {
  const where = `(target-group ${groupArn})`;
  return {
    unhealthy: `Task failed ELB health checks in ${where}`,
    event: `(task ${task.plan.id}) (port ${String(port)}) is unhealthy in ${where} due to (reason ${description})`,
  };
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
  const states = targetsOf(task, balancers).map((target) => ({ target, ...healthOf(target, memory, now) }));
  const grace = task.plan.service.healthCheckGracePeriodSeconds * 1000;
  const failing = now - (task.startedAt ?? now) < grace ? undefined : states.find(isFailing);
  return {
    ready: states.every((one) => one.state === 'healthy' || (one.state === 'unused' && !isFailing(one))),
    ...(failing === undefined ? { unhealthy: undefined } : toldOf(failing.target, failing.description)),
    answeringPorts: states.flatMap(({ target: { group, port }, state }) =>
      state === 'healthy' ? [group?.healthCheck.port ?? port] : [],
    ),
  };
}

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
  const ofTasks = tasks
    .filter(({ startedAt, status }) => startedAt !== undefined && !LEFT.includes(status))
    .flatMap((task) => targetsOf(task, balancers));
  for (const target of [...ofTasks, ...registeredIn(balancers)]) {
    const { address: id, port, groupArn } = target;
    const before = reports.get(groupArn) ?? [];
    // One that a task has too is the task's.
    if (before.some((one) => one.id === id && one.port === port)) continue;
    const report = { id, port, availabilityZone: target.zone ?? 'all', ...healthOf(target, memory, now) };
    reports.set(groupArn, [...before, report]);
  }
  return reports;
}

/** Forgets when those that are gone were registered. */
export function forgetGone(
  tasks: readonly Task[],
  balancers: readonly PlacedLoadBalancer[],
  { registeredAt }: TargetMemory,
): void {
  const there = new Set(tasks.map(({ plan }) => plan.id));
  const registered = new Set(registeredIn(balancers).map(({ registration }) => registration));
  for (const key of registeredAt.keys())
    if (!registered.has(key) && !there.has(key.split(' ')[0] ?? '')) registeredAt.delete(key);
}
