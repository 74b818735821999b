/** A task as the agent tells of it. */
import { z } from 'zod';
import { Observation } from '../../region/observation.ts';
import type { Task } from '../runtime/task.ts';
import { containerReports, taskHealth } from '../reports/described-task.ts';

type ObservedTask = Observation['tasks'][number];

export function observedTask(task: Task): ObservedTask {
  const { plan } = task;
  return {
    id: plan.id,
    arn: plan.arn,
    serviceArn: plan.service.arn,
    deploymentId: plan.deployment.id,
    taskDefinition: `${plan.taskDefinition.family}:${String(plan.taskDefinition.revision)}`,
    zone: plan.subnet.zone,
    address: plan.address,
    status: task.status,
    wanted: task.wanted,
    health: taskHealth(task),
    createdAt: task.createdAt,
    startedAt: task.startedAt,
    stoppedReason: task.stopCause?.reason,
    containers: z.array(Observation.shape.tasks.element.shape.containers.element).parse(containerReports(task)),
    envoyDirectory: plan.sidecar?.configDirectory,
  };
}
