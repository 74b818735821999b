import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ResourceNotFoundException, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import pWaitFor from 'p-wait-for';
import { containerDefinition } from '../testing/container-definition.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { definition } from '../testing/region-state.ts';
import { LogShipper } from './log-shipper.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-shipper-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('how far logs were sent is not forgotten by an agent that has taken over nothing yet', async () => {
  const file = join(directory, 'logs-sent.json');
  const sent = JSON.stringify({ '/logs/tasks/a/app.log': 17 });
  writeFileSync(file, sent);
  const shipper = new LogShipper(fakeClient<CloudWatchLogsClient>({}), new Map(), file, () => undefined);
  shipper.start();
  // Its first look is over by then: it has nothing to wait for.
  await setTimeout(50);
  shipper.stop();
  expect(readFileSync(file, 'utf8')).toBe(sent);
});

/** A task whose container logs to a group, and who takes what is sent: the messages of each call. */
function shipping(answer: () => unknown = () => ({})) {
  const logDirectory = mkdtempSync(join(directory, 'task-'));
  const logs = { group: '/ecs/app', streamPrefix: 'app', createGroup: true };
  const containers = [containerDefinition({ logs })];
  const plan = fakePlan({ logDirectory, taskDefinition: { ...definition('http'), containers } });
  const tasks = new Map([['task', fakeTask(plan)]]);
  const sent: string[][] = [];
  const made: string[] = [];
  const told: string[] = [];
  const client = fakeClient<CloudWatchLogsClient>({
    PutLogEvents: ({ logEvents }) => {
      answer();
      sent.push((logEvents as { message: string }[]).map(({ message }) => message));
      return {};
    },
    CreateLogGroup: ({ logGroupName }) => made.push(String(logGroupName)),
    CreateLogStream: ({ logStreamName }) => made.push(String(logStreamName)),
  });
  const shipper = new LogShipper(client, tasks, join(logDirectory, 'sent.json'), (one) => told.push(one));
  return {
    shipper,
    tasks,
    sent,
    made,
    told,
    log: (text: string) => {
      appendFileSync(join(logDirectory, '0.log'), text);
    },
  };
}

const reached = (holds: () => boolean): Promise<void> => pWaitFor(holds, { interval: 10 });

test('it sends what is new once a second, also for the last time after the task', async () => {
  const { shipper, tasks, sent, log } = shipping();
  log('one\n');
  shipper.start();
  await reached(() => sent.length === 1);
  log('two\n');
  tasks.clear();
  await reached(() => sent.length === 2);
  expect(sent).toEqual([['one'], ['two']]);
  shipper.stop();
});

test('once it is stopped it sends nothing more', async () => {
  const { shipper, sent, log } = shipping();
  log('one\n');
  shipper.start();
  await reached(() => sent.length === 1);
  // That look is over by then, and the next one has not begun.
  await setTimeout(200);
  shipper.stop();
  log('two\n');
  await setTimeout(1_200);
  expect(sent).toEqual([['one']]);
});

test('lines that were not accepted are sent again, with one complaint', async () => {
  let refused = 0;
  const { shipper, sent, told, log } = shipping(() => {
    if (refused++ < 2) throw new Error('throttled');
  });
  log('one\n');
  shipper.start();
  await reached(() => sent.length === 1);
  shipper.stop();
  expect(sent).toEqual([['one']]);
  expect(told).toEqual([expect.stringContaining('do not reach /ecs/app: throttled')]);
});

test('a group and a stream that are not there are made', async () => {
  let there = false;
  const { shipper, sent, made, log } = shipping(() => {
    const missing = !there;
    there = true;
    if (missing) throw new ResourceNotFoundException({ message: '', $metadata: {} });
  });
  log('one\n');
  shipper.start();
  await reached(() => sent.length === 1);
  shipper.stop();
  expect(made).toEqual(['/ecs/app', 'app/app/task']);
});
