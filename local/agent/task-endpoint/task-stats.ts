/** The stats of containers: what the kernel counted, beside what it had counted when somebody asked last. */
import { containerStats, type Reading } from '../core/task-endpoint/container-stats.ts';
import { containerId } from '../core/task-endpoint/ids.ts';
import type { Cgroups } from '../core/oci/machine.ts';
import type { Task } from '../runtime/task.ts';
import { readCgroup } from './read-cgroup.ts';

export class TaskStats {
  readonly #cgroups: Cgroups | undefined;
  readonly #before = new WeakMap<Task, Map<string, Reading>>();

  constructor(cgroups: Cgroups | undefined) {
    this.#cgroups = cgroups;
  }

  /** @returns null where nothing is known, as ECS answers for a container that just started */
  async of(task: Task, name: string): Promise<unknown> {
    const { plan, holder } = task;
    const index = plan.taskDefinition.containers.findIndex((one) => one.name === name);
    if (this.#cgroups === undefined || holder === undefined) return null;
    const now = await readCgroup(`${this.#cgroups.parent}/${plan.id}-${String(index)}`, holder.pid);
    if (now === undefined) return null;
    const ofTask = this.#before.get(task) ?? new Map<string, Reading>();
    this.#before.set(task, ofTask);
    const before = ofTask.get(name);
    ofTask.set(name, now);
    return containerStats(containerId(plan, name), name, now, before);
  }
}
