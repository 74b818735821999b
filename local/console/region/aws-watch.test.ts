import { AwsWatch } from './aws-watch.ts';
import type { AwsState } from './compose.ts';

const STATE: AwsState = { services: [], definitions: new Map(), namespaces: [], loadBalancers: [] };

beforeEach(() => {
  jest.useFakeTimers({ advanceTimers: true, doNotFake: ['nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

test('a control plane that hangs or fails: what it said last stays, and it is said that it is silent', async () => {
  const answers: (() => Promise<AwsState>)[] = [
    () => Promise.resolve(STATE),
    () => Promise.reject(new Error('ECONNREFUSED')),
    () => new Promise<AwsState>(() => undefined),
  ];
  const watch = new AwsWatch(
    () => (answers.length > 1 ? answers.shift() : answers[0])?.() ?? Promise.reject(new Error()),
  );
  expect(await watch.look()).toEqual({ aws: STATE, controlPlaneAnswers: true });
  expect(await watch.look()).toEqual({ aws: STATE, controlPlaneAnswers: true });
  jest.setSystemTime(Date.now() + 5_000);
  expect(await watch.look()).toEqual({ aws: STATE, controlPlaneAnswers: false });
});

test('one that never answered is said to be so', async () => {
  await expect(new AwsWatch(() => Promise.reject(new Error('ECONNREFUSED'))).look()).rejects.toThrow('ECONNREFUSED');
});
