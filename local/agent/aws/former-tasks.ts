/** Tasks of an agent that died: the control plane still says that they run. */
import { DescribeTasksCommand, paginateListClusters, paginateListTasks, type ECSClient } from '@aws-sdk/client-ecs';
import type { TaskReport } from './control-plane-channel.ts';

/** The API's dates as the seconds that the channel wants. */
function withSeconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(withSeconds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withSeconds(item)]));
}

/** Every task that is not STOPPED, as a report that it is. @param alive ARNs of those that run all the same */
export async function formerTasksStopped(ecs: ECSClient, alive: ReadonlySet<string>): Promise<TaskReport[]> {
  const reports: TaskReport[] = [];
  for await (const clusters of paginateListClusters({ client: ecs }, {})) {
    for (const cluster of clusters.clusterArns ?? []) {
      for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
        for await (const page of paginateListTasks({ client: ecs }, { cluster, desiredStatus, maxResults: 100 })) {
          if ((page.taskArns ?? []).length === 0) continue;
          const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: page.taskArns }));
          for (const task of tasks) {
            if (task.lastStatus === 'STOPPED' || alive.has(task.taskArn ?? '')) continue;
            const ended = {
              lastStatus: 'STOPPED',
              desiredStatus: 'STOPPED',
              // One that was being stopped has its own.
              stopCode: task.stopCode ?? 'TerminationNotice',
              stoppedReason: task.stoppedReason ?? 'The agent of the local region ended',
              stoppedAt: Date.now() / 1000,
              containers: task.containers?.map((container) => ({ ...container, lastStatus: 'STOPPED' })),
            };
            reports.push({ ...(withSeconds(task) as TaskReport), ...ended });
          }
        }
      }
    }
  }
  return reports;
}
