/** What the agent wrote down about tasks, running ones and ended ones. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LOGS, RUN } from './region/paths.ts';
import { AGAIN, readJson } from './region/read-json.ts';
import { Complaint } from './region/region-file.ts';

const TaskFile = z.object({
  taskId: z.string(),
  clusterName: z.string(),
  serviceName: z.string(),
  discoveryNames: z.array(z.string()),
  address: z.string(),
  zone: z.string(),
  pausePid: z.number().optional(),
  /** The first process of each container that runs, as the agent sees it. */
  containers: z.record(z.string(), z.number().optional()).default({}),
  startedAt: z.number(),
  logDirectory: z.string(),
});
export type TaskFile = z.infer<typeof TaskFile>;

function read(files: readonly string[]): TaskFile[] {
  return files
    .flatMap((file) => {
      try {
        return [readJson(file, TaskFile, AGAIN)];
      } catch (error) {
        // Its task ended in this moment, or never had the file.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
        throw error;
      }
    })
    .sort((a, b) => a.startedAt - b.startedAt);
}

const list = (directory: string): string[] =>
  existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];

export function runningTasks(): TaskFile[] {
  return read(list(join(RUN, 'tasks')).filter((file) => file.endsWith('.json')));
}

/** Namespaces that are no task's by name: `internet`, and a `load-balancer-<zone>` for each node. */
export function places(): Record<string, number> {
  const file = join(RUN, 'places.json');
  return existsSync(file) ? readJson(file, z.record(z.string(), z.number()), AGAIN) : {};
}

/** Tasks with logs: running ones, and those that ended since the region was started. */
export function loggedTasks(): TaskFile[] {
  return read(
    list(join(LOGS, 'tasks'))
      .flatMap(list)
      .map((directory) => join(directory, 'task.json')),
  );
}

/** The tasks of a service, by its name or its discovery name. @throws Complaint that lists what there is */
export function tasksOf(tasks: readonly TaskFile[], service: string): TaskFile[] {
  const found = tasks.filter(
    (task) =>
      task.serviceName === service ||
      task.discoveryNames.includes(service) ||
      (service.length >= 6 && task.taskId.startsWith(service)),
  );
  if (found.length > 0) return found;
  const known = [...new Set(tasks.map(({ discoveryNames, serviceName }) => discoveryNames[0] ?? serviceName))].sort();
  throw new Complaint(
    `no task of ${service}: ${known.length === 0 ? 'nothing runs' : `there are ${known.join(', ')}`}`,
  );
}
