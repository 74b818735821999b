/** A task as the scheduler sees it. */
import { isChecked } from '../core/health.ts';
import { collectorPorts } from '../core/tracing/collector.ts';
import { isSteady } from '../core/scheduler/steady.ts';
import type { TaskView } from '../core/scheduler/scheduled-task.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import type { TargetStanding } from '../load-balancers/target-health.ts';

/** @param now epoch milliseconds */
export function taskView(task: RunningTask, targets: TargetStanding, now: number): TaskView {
  const ready = task.healthy && targets.ready;
  const containers = [...task.containers.values()].map(({ definition, startedAt, healthStatus }) => ({
    essential: definition.essential,
    startedAt,
    checked:
      (isChecked(definition.healthCheck) && healthStatus === 'HEALTHY') ||
      definition.portMappings.some(({ containerPort }) => targets.answeringPorts.includes(containerPort)) ||
      // What stands in for a collector is ours.
      collectorPorts(definition) !== undefined,
  }));
  return {
    id: task.plan.id,
    deploymentId: task.plan.deployment.id,
    zone: task.plan.subnet.zone,
    createdAt: task.createdAt,
    wanted: task.wanted,
    running: task.status === 'RUNNING',
    ready,
    steady: ready && isSteady(containers, now),
    unhealthy: task.unhealthy ? 'Task failed container health checks' : targets.unhealthy,
  };
}
