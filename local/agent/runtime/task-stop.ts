/** The stop of a task: what is in flight ends first, then its containers, its proxy last, and then what held them. */
import { rm } from 'node:fs/promises';
import type { TaskPlan, TaskStatus } from '../core/task-plan.ts';
import { drain } from './drain.ts';
import { stopInOrder } from './task-containers.ts';
import type { TaskContext } from './task-context.ts';
import type { TaskEdges } from './task-edges.ts';
import type { TaskParts } from './task-parts.ts';

export interface Stop {
  /** Whether anybody was told to send it requests. */
  readonly wasRunning: boolean;
  /** It ended by itself, and answers nobody any more. */
  readonly failed: boolean;
  readonly abrupt: boolean;
}

export async function stopParts(
  parts: TaskParts,
  plan: TaskPlan,
  context: TaskContext,
  edges: Pick<TaskEdges, 'disconnected'>,
  { wasRunning, failed, abrupt }: Stop,
  become: (status: TaskStatus) => void,
): Promise<void> {
  const { envoy } = parts.proxy;
  if (wasRunning) await context.withdrawn(failed);
  if (wasRunning && !abrupt && !failed)
    await Promise.all([envoy === undefined ? undefined : drain(envoy), deregistered(parts, plan, context, edges)]);
  become('STOPPING');
  await stopInOrder(parts.containers, plan.taskDefinition.containers, abrupt);
  await envoy?.stop();
  become('DEPROVISIONING');
  parts.holder?.stop();
  await context.router.detach([plan.address]);
  await rm(plan.runDirectory, { recursive: true, force: true });
  if (plan.sidecar !== undefined) await rm(plan.sidecar.adminSocketPath, { force: true });
}

/** A load balancer closes its connections to a target that left, each once it is idle. */
async function deregistered(
  { holder }: TaskParts,
  plan: TaskPlan,
  context: TaskContext,
  edges: Pick<TaskEdges, 'disconnected'>,
): Promise<void> {
  if (plan.targets.length === 0 || holder === undefined) return;
  const { balancers, seconds } = await context.deregistration();
  await edges.disconnected(holder, balancers, seconds);
}
