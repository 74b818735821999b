/** `highlands stop-task`. */
import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { ecsClient } from '../../region/ecs.ts';
import { Complaint } from '../../region/complaint.ts';
import { requireRegion } from '../../region/region-file.ts';
import { runningTasks } from '../../region/tasks.ts';

export async function stopTask(beginning: string): Promise<void> {
  const ecs = ecsClient(requireRegion());
  const found = runningTasks().filter(({ taskId }) => taskId.startsWith(beginning));
  const [task] = found;
  if (task === undefined || found.length > 1)
    throw new Complaint(
      `${found.length === 0 ? 'no task begins' : 'more than one task begins'} with ${beginning}: \`npm run status\` lists them`,
    );
  await ecs.send(
    new StopTaskCommand({ cluster: task.clusterName, task: task.taskId, reason: 'stopped with highlands stop-task' }),
  );
  console.log(`task ${task.taskId} of ${task.discoveryNames[0] ?? task.serviceName} (${task.zone}) is asked to end`);
}
