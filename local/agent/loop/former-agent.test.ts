import { ECSClient } from '@aws-sdk/client-ecs';
import { fakeClient } from '../testing/fake-client.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { stateWith } from '../testing/region-state.ts';
import { formerAgent, type FormerAgentParts } from './former-agent.ts';

const order: string[] = [];
// It has tests of its own, and wants the namespaces of a region.
const takeOver = () => Promise.resolve(void order.push('taken over'));

const nobody = { tasks: [], routers: [] };

function parts(overrides: Record<string, unknown> = {}): FormerAgentParts {
  return {
    ledger: { former: undefined },
    loadBalancers: { known: false, health: { look: () => Promise.resolve() } },
    tasks: new Map(),
    ...overrides,
  } as unknown as FormerAgentParts;
}

test('the first agent of a region waits for nothing', () => {
  expect(formerAgent(parts()).mayBeTakenOver()).toBe(true);
});

test('what an agent left waits until its load balancers are known', () => {
  const ledger = { former: nobody };
  const health = { look: () => Promise.resolve() };
  expect(formerAgent(parts({ ledger })).mayBeTakenOver()).toBe(false);
  expect(formerAgent(parts({ ledger, loadBalancers: { known: true, health } })).mayBeTakenOver()).toBe(true);
});

test('the targets of tasks that were taken over are looked at before anything is decided about them', async () => {
  const health = { look: () => Promise.resolve(void order.push('looked')) };
  await formerAgent(parts({ loadBalancers: { known: true, health } }), takeOver).takeOver(stateWith([]));
  expect(order).toEqual(['taken over', 'looked']);
});

test('a task that runs no more is reported as stopped, and one that was taken over is not', async () => {
  const fake = fakeClient<ECSClient>({
    ListClusters: { clusterArns: ['c'] },
    ListTasks: ({ desiredStatus }) => ({ taskArns: desiredStatus === 'RUNNING' ? ['kept', 'gone'] : [] }),
    DescribeTasks: { tasks: ['kept', 'gone'].map((taskArn) => ({ taskArn, lastStatus: 'RUNNING' })) },
  });
  const ecs = new ECSClient({ region: 'r', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  Object.defineProperty(ecs, 'send', { value: fake.send.bind(fake) });
  const put: unknown[] = [];
  const channel = { putTasks: (tasks: readonly unknown[]) => Promise.resolve(void put.push(...tasks)) };
  const tasks = new Map([['kept', fakeTask(fakePlan({ arn: 'kept' }))]]);
  await formerAgent(parts({ aws: { ecs }, channel, tasks })).report();
  expect(put).toMatchObject([{ taskArn: 'gone', lastStatus: 'STOPPED' }]);
});
