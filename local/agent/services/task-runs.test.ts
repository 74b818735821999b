import type { FormerTask } from '../core/ledger.ts';
import type { TaskOrder } from '../core/task-order.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { PLANNER_SETTINGS, stateWith, SUBNET } from '../testing/region-state.ts';
import { TaskRuns } from './task-runs.ts';

const ID = '0123456789abcdef0123456789abcdef';
const order = (more: Partial<TaskOrder> = {}): TaskOrder => ({
  ...{ id: ID, arn: `arn:task/c/${ID}`, clusterArn: 'arn:cluster/c', taskDefinitionArn: 'arn:td', group: 'family:f' },
  ...{ executeCommand: false, wanted: true, waiting: true, subnetIds: [SUBNET.id], securityGroupIds: ['sg-1'] },
  ...{ publicAddress: false, capacityProviders: [], index: 0 },
  overrides: { cpu: undefined, memoryMiB: undefined, taskRoleArn: undefined, storageGiB: undefined, containers: [] },
  ...more,
});
const stateOf = (...taskOrders: readonly TaskOrder[]) => ({ ...stateWith([]), taskOrders });

function region() {
  const started: TaskPlan[] = [];
  const failed: string[][] = [];
  const given: string[] = [];
  const tasks = new Map<string, { readonly plan: TaskPlan }>();
  const runs = new TaskRuns({
    ...{ tasks, planner: PLANNER_SETTINGS, lostZones: () => [], log: () => undefined },
    channel: { failTask: (...told) => Promise.resolve(void failed.push(told)) },
    addresses: { take: () => '10.0.1.9', give: (address) => given.push(address) },
    startTask: (plan) => {
      started.push(plan);
      tasks.set(plan.id, { plan });
    },
  });
  return { failed, given, runs, started, tasks };
}

test('a task is started once, also when it is over before the state is read again', async () => {
  const { failed, runs, started, tasks } = region();
  await runs.reconcile(stateOf(order()), quietBook());
  tasks.clear();
  await runs.reconcile(stateOf(order()), quietBook());
  expect(started.map(({ id, arn, service }) => [id, arn, service.name])).toEqual([[ID, order().arn, 'family:f']]);
  expect(failed).toEqual([]);
});

test('it has what its order says of its definition', async () => {
  const { runs, started } = region();
  const container = { name: 'app', command: ['migrate'], environment: { A: 'b' }, cpuUnits: 128, memoryMiB: undefined };
  const overrides = { ...order().overrides, memoryMiB: 4096, taskRoleArn: 'arn:role', containers: [container] };
  const spot = { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 1 };
  await runs.reconcile(stateOf(order({ overrides, capacityProviders: [spot] })), quietBook());
  expect(started).toMatchObject([
    {
      capacityProvider: 'FARGATE_SPOT',
      deployment: { securityGroupIds: ['sg-1'] },
      taskDefinition: {
        ...{ cpu: 1024, memoryMiB: 4096, taskRoleArn: 'arn:role' },
        containers: [{ command: ['migrate'], environment: { A: 'b' }, cpuUnits: 128 }],
      },
    },
  ]);
});

test('one that nothing can be made of says why, and gives its address back', async () => {
  const { failed, given, runs, started } = region();
  await runs.reconcile(stateOf(order({ taskDefinitionArn: 'arn:gone' })), quietBook());
  expect(started).toEqual([]);
  expect(failed).toEqual([[order().arn, 'TaskFailedToStart', 'task definition arn:gone does not exist']]);
  expect(given).toEqual(['10.0.1.9']);
});

test('one that was stopped before it began is not started', async () => {
  const { failed, runs, started } = region();
  await runs.reconcile(stateOf(order({ wanted: false })), quietBook());
  expect(started).toEqual([]);
  expect(failed).toEqual([[order().arn, 'UserInitiated', 'Task stopped by user']]);
});

test('a task that a former agent began to start, and that is missing, counts as over', async () => {
  const { failed, runs, started } = region();
  await runs.reconcile(stateOf(order({ waiting: false })), quietBook());
  expect(started).toEqual([]);
  expect(failed).toMatchObject([[order().arn, 'TerminationNotice', expect.anything()]]);
});

test('a former task of no service is planned by its order, any other is not planned here', () => {
  const { runs } = region();
  const former = { id: ID, zone: SUBNET.zone, address: '10.0.1.4' } as FormerTask;
  expect(runs.formerPlan(former, stateOf(order()))).toMatchObject({ address: '10.0.1.4', order: { id: ID } });
  expect(runs.formerPlan({ ...former, id: 'other' }, stateOf(order()))).toBeUndefined();
});
