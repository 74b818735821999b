/** A small file for each task that tells the command line where it runs; a copy stays with its logs. */
import { mkdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { containerLogs } from '../core/container-logs.ts';
import { moveInto } from '../../region/move-into.ts';
import { LOGGED_TASK, type TaskFile } from '../../region/tasks.ts';
import type { Task } from '../runtime/task.ts';

export class TaskFiles {
  readonly #directory: string;
  readonly #written = new Map<string, string>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  async write(task: Task): Promise<void> {
    const { plan } = task;
    const target = join(this.#directory, `${plan.id}.json`);
    if (task.status === 'STOPPED') {
      await rm(target, { force: true });
      this.#written.delete(plan.id);
      return;
    }
    const text = JSON.stringify({
      taskId: plan.id,
      clusterName: plan.service.clusterArn.split('/').at(-1) ?? '',
      serviceName: plan.service.name,
      discoveryNames: (plan.deployment.serviceConnect?.services ?? []).map((entry) => entry.discoveryName),
      address: plan.address,
      zone: plan.subnet.zone,
      wanted: task.wanted,
      pausePid: task.holder?.pid,
      containers: Object.fromEntries([...task.containers].map(([name, container]) => [name, container.pid])),
      startedAt: task.createdAt,
      logs: containerLogs(plan),
    } satisfies TaskFile);
    if (this.#written.get(plan.id) === text) return;
    await mkdir(plan.logDirectory, { recursive: true, mode: 0o700 });
    await Promise.all([target, join(plan.logDirectory, LOGGED_TASK)].map((file) => moveInto(file, text)));
    this.#written.set(plan.id, text);
  }
}
