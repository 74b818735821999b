/** What the agent writes down about tasks: running ones, and beside their logs ended ones too. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LOGS, RUN } from './paths.ts';
import { AGAIN, readJson } from './read-json.ts';
import { serviceNamed } from './service-names.ts';

/** Below the directory of the running region: a file for each task. */
export const TASKS_DIRECTORY = 'tasks';
/** A directory for each task. @param logs the directory of all logs of a region */
export const taskLogsIn = (logs: string): string => join(logs, 'tasks');
/** In the directory of a task's logs. */
export const LOGGED_TASK = 'task.json';

const TaskFile = z.object({
  taskId: z.string(),
  clusterName: z.string(),
  serviceName: z.string(),
  discoveryNames: z.array(z.string()),
  address: z.string(),
  zone: z.string(),
  /** Not when it is on its way out. */
  wanted: z.boolean(),
  pausePid: z.number().optional(),
  /** The first process of each container that runs, as the agent sees it. */
  containers: z.record(z.string(), z.number().optional()).default({}),
  startedAt: z.number(),
  /** Where the output of each container goes, the proxy's too. */
  logs: z.record(z.string(), z.string()),
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
  return read(list(join(RUN, TASKS_DIRECTORY)).filter((file) => file.endsWith('.json')));
}

/** Tasks with logs: running ones, and those that ended since the region was started. */
export function loggedTasks(): TaskFile[] {
  return read(list(taskLogsIn(LOGS)).map((directory) => join(directory, LOGGED_TASK)));
}

/** The log files of a task that are there. */
export function logFilesOf({ logs }: TaskFile): { readonly container: string; readonly path: string }[] {
  return Object.entries(logs)
    .map(([container, path]) => ({ container, path }))
    .filter(({ path }) => existsSync(path));
}

const keyOf = ({ clusterName, serviceName }: TaskFile): string => `${clusterName}/${serviceName}`;

/** The tasks of a service, or the one whose id begins so. @throws Complaint that lists what there is */
export function tasksOf(tasks: readonly TaskFile[], name: string): TaskFile[] {
  const byId = name.length >= 6 ? tasks.filter(({ taskId }) => taskId.startsWith(name)) : [];
  if (byId.length > 0) return byId;
  const services = [...new Map(tasks.map((task) => [keyOf(task), task])).values()];
  const { arn } = serviceNamed(
    name,
    services.map((task) => ({ ...task, arn: keyOf(task) })),
  );
  return tasks.filter((task) => keyOf(task) === arn);
}
