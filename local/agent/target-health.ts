/** The health of targets, from the load balancer's own checks: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
import type { TargetHealthReport } from './aws/control-plane-channel.ts';
import type { PlacedLoadBalancer } from './aws/read-load-balancers.ts';
import type { TargetGroup } from './core/load-balancer.ts';
import { targetGroupEdsName } from './core/topology/endpoints.ts';
import type { Task } from './runtime/task.ts';

export interface TargetMemory {
  /** Result of the last active check by `cluster address:port`; absent before the first. */
  readonly healthy: Map<string, boolean>;
  /** Epoch milliseconds at which a target was first seen, by the same key. */
  readonly registeredAt: Map<string, number>;
}

interface Target {
  readonly task: Task;
  readonly group: TargetGroup;
  readonly port: number;
  readonly key: string;
}

function targetsOf(task: Task, balancers: readonly PlacedLoadBalancer[]): Target[] {
  return task.plan.targets.flatMap(({ targetGroupArn, containerPort }) =>
    balancers
      .flatMap(({ loadBalancer }) => loadBalancer.targetGroups)
      .filter((group) => group.arn === targetGroupArn)
      .map((group) => ({
        task,
        group,
        port: containerPort,
        key: `${targetGroupEdsName(group.arn)} ${task.plan.address}:${String(containerPort)}`,
      })),
  );
}

type State = TargetHealthReport['state'];

/** A target that has not passed yet is `initial` for as long as the checks need to call it unhealthy. */
function stateOf({ task, group, key }: Target, memory: TargetMemory, now: number): State {
  if (!task.wanted) return 'draining';
  if (memory.healthy.get(key) === true) return 'healthy';
  const since = memory.registeredAt.get(key) ?? now;
  memory.registeredAt.set(key, since);
  const patience = group.healthCheck.unhealthyThreshold * group.healthCheck.intervalSeconds * 1000;
  return now - since < patience ? 'initial' : 'unhealthy';
}

/** Whether every target of a task is healthy, and why the task has to be replaced if one is not. */
export function targetHealthOf(
  task: Task,
  balancers: readonly PlacedLoadBalancer[],
  memory: TargetMemory,
  now: number,
): { ready: boolean; unhealthy: string | undefined } {
  if (task.status !== 'RUNNING') return { ready: task.plan.targets.length === 0, unhealthy: undefined };
  const states = targetsOf(task, balancers).map((target) => ({ target, state: stateOf(target, memory, now) }));
  const grace = task.plan.service.healthCheckGracePeriodSeconds * 1000;
  const failing = now - (task.startedAt ?? now) < grace ? undefined : states.find(({ state }) => state === 'unhealthy');
  return {
    ready: states.every(({ state }) => state === 'healthy'),
    unhealthy:
      failing === undefined ? undefined : `Task failed ELB health checks in (target-group ${failing.target.group.arn})`,
  };
}

const REASONS: Readonly<Partial<Record<State, { reason: string; description: string }>>> = {
  initial: { reason: 'Elb.InitialHealthChecking', description: 'Initial health checks in progress' },
  unhealthy: { reason: 'Target.FailedHealthChecks', description: 'Health checks failed' },
  draining: { reason: 'Target.DeregistrationInProgress', description: 'Target deregistration is in progress' },
};

/** What DescribeTargetHealth shall say, by target group ARN. */
export function targetReports(
  tasks: readonly Task[],
  balancers: readonly PlacedLoadBalancer[],
  memory: TargetMemory,
): Map<string, TargetHealthReport[]> {
  const reports = new Map<string, TargetHealthReport[]>(
    balancers.flatMap(({ loadBalancer }) => loadBalancer.targetGroups.map(({ arn }) => [arn, []] as const)),
  );
  for (const task of tasks) {
    if (task.startedAt === undefined || task.status === 'DEPROVISIONING' || task.status === 'STOPPED') continue;
    for (const target of targetsOf(task, balancers)) {
      const state = stateOf(target, memory, Date.now());
      reports.get(target.group.arn)?.push({
        id: task.plan.address,
        port: target.port,
        availabilityZone: task.plan.subnet.zone,
        state,
        ...REASONS[state],
      });
    }
  }
  return reports;
}
