import { ECSClient } from '@aws-sdk/client-ecs';
import { fakeClient } from '../testing/fake-client.ts';
import { formerTasksStopped } from './former-tasks.ts';

const task = (id: string, more: object = {}) => ({
  ...{ taskArn: id, lastStatus: 'RUNNING', startedAt: new Date(5000) },
  containers: [{ name: 'app', lastStatus: 'RUNNING' }],
  ...more,
});

function ecsWith(tasks: readonly object[]): ECSClient {
  const fake = fakeClient<ECSClient>({
    ListClusters: { clusterArns: ['c'] },
    ListTasks: ({ desiredStatus }) => ({ taskArns: desiredStatus === 'RUNNING' ? ['all'] : [] }),
    DescribeTasks: { tasks },
  });
  const client = new ECSClient({ region: 'r', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  return Object.defineProperty(client, 'send', { value: fake.send.bind(fake) });
}

test('what nobody took over is STOPPED with its containers, for its own reason if it has one', async () => {
  const scaledIn = { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'scaled in', lastStatus: 'DEPROVISIONING' };
  const tasks = [task('alive'), task('over', { lastStatus: 'STOPPED' }), task('lost'), task('leaving', scaledIn)];
  const reports = await formerTasksStopped(ecsWith(tasks), new Set(['alive']));
  expect(reports).toMatchObject([
    { taskArn: 'lost', startedAt: 5, stopCode: 'TerminationNotice' },
    { taskArn: 'leaving', stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'scaled in' },
  ]);
  for (const report of reports)
    expect(report).toMatchObject({ lastStatus: 'STOPPED', containers: [{ name: 'app', lastStatus: 'STOPPED' }] });
});
