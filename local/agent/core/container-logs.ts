/** Where the output of a task's containers goes: the one writer of these names. */
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import type { TaskPlan } from './task-plan.ts';

/** By the container's place in the task definition: a name from outside is no part of a path. */
export function containerLog(
  { logDirectory, taskDefinition }: Pick<TaskPlan, 'logDirectory' | 'taskDefinition'>,
  name: string,
): string {
  const index = taskDefinition.containers.findIndex((one) => one.name === name);
  return `${logDirectory}/${index === -1 ? SIDECAR_NAME : String(index)}.log`;
}

/** Every file of a task by the name of its container, the proxy's too. */
export function containerLogs(
  plan: Pick<TaskPlan, 'logDirectory' | 'taskDefinition' | 'sidecar'>,
): Record<string, string> {
  const names = plan.taskDefinition.containers.map(({ name }) => name);
  const all = plan.sidecar === undefined ? names : [...names, SIDECAR_NAME];
  return Object.fromEntries(all.map((name) => [name, containerLog(plan, name)]));
}
