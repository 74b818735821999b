import { strays, takeOverOf, type FormerTask, type Seen } from './ledger.ts';

const process = (pid: number) => ({ pid, born: pid * 10 });
const health = { status: 'HEALTHY', failuresInARow: 0 } as const;
const APPLICATION = { name: 'app', process: process(3), startedAt: 1, health };
const HELPER = { name: 'helper', process: process(4), startedAt: 1, health };
const TASK: FormerTask = {
  ...{ id: 'a'.repeat(32), serviceArn: 'arn:service', deploymentId: 'd', zone: 'z', address: '10.0.0.4', targets: [] },
  ...{ createdAt: 1, startedAt: 2, healthyOnce: true, listening: true },
  ...{ holder: process(1), sidecar: process(2), containers: [APPLICATION, HELPER] },
};
const PLAN = {
  containers: [
    { name: 'app', essential: true },
    { name: 'helper', essential: false },
  ],
  sidecar: true,
};

const seen = (dead: readonly number[] = [], other: Partial<Seen> = {}): Seen => ({
  lives: ({ pid, born }) => born === pid * 10 && !dead.includes(pid),
  ...{ attached: true, plan: PLAN },
  ...other,
});

test('a task of which everything essential lives goes on', () => {
  expect(takeOverOf(TASK, seen())).toEqual({ act: 'adopt' });
  expect(takeOverOf(TASK, seen([HELPER.process.pid]))).toEqual({ act: 'adopt' });
});

test.each([
  ['its container app ended', TASK, seen([3])],
  ['its proxy ended', TASK, seen([2])],
  ['scaled in', { ...TASK, stop: { code: 'ServiceSchedulerInitiated', reason: 'scaled in' } as const }, seen()],
])('a task is taken over to be stopped and replaced: %s', (why, task, found) => {
  expect(takeOverOf(task, found)).toEqual({ act: 'replace', why });
});

test.each([
  ['what it was started for is gone', TASK, seen([], { plan: undefined })],
  ['its namespaces ended', TASK, seen([1])],
  // Its number is another process by now.
  ['its namespaces ended', { ...TASK, holder: { pid: 1, born: 11 } }, seen()],
  ['its network is gone', TASK, seen([], { attached: false })],
  ['its containers are not those of its task definition', { ...TASK, containers: [APPLICATION] }, seen()],
  ['its proxy is not as its deployment wants it', { ...TASK, sidecar: undefined }, seen()],
])('a task that can not be taken over safely is removed: %s', (why, task, found) => {
  expect(takeOverOf(task, found)).toEqual({ act: 'remove', why });
});

test('what nobody took over ends with all that it started, and nothing else', () => {
  const processes = [
    { pid: 1, parent: 0 },
    // The first process's own, the task that was taken over with its program, and one that nobody knows.
    ...[
      { pid: 2, parent: 1 },
      { pid: 5, parent: 1 },
      { pid: 6, parent: 5 },
      { pid: 7, parent: 1 },
      { pid: 8, parent: 7 },
    ],
    // Somebody who came in from outside, and the agent.
    ...[
      { pid: 20, parent: 0 },
      { pid: 21, parent: 20 },
    ],
  ];
  expect(strays(processes, new Set([2, 5]))).toEqual([7, 8]);
});
