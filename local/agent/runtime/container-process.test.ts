import { setTimeout as pause } from 'node:timers/promises';
import { containerDefinition } from '../testing/container-definition.ts';
import type { LongRunning } from './command.ts';
import { ContainerProcess } from './container-process.ts';

/** A process that ends as soon as it is waited for. */
const ending = {
  ...{ running: true, exited: new Promise(() => undefined) },
  endsWithin: () => {
    ending.running = false;
    return Promise.resolve(true);
  },
};
const healthCheck = { command: ['CMD', 'x'], intervalSeconds: 5, timeoutSeconds: 5, retries: 1, startPeriodSeconds: 0 };

test('a container is stopped when its health check is over too, which writes into its files', async () => {
  const order: string[] = [];
  let begun = (): void => undefined;
  let finish = (): void => undefined;
  const checking = new Promise<void>((resolve) => (begun = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const body = {
    ...{ process: ending as unknown as LongRunning, logFile: '/nowhere', pid: () => undefined },
    passes: async () => {
      begun();
      await finished;
      order.push('checked');
      return false;
    },
  };
  const container = new ContainerProcess(containerDefinition({ healthCheck }), body, () => undefined);
  await checking;
  const stopped = container.stop(true).then(() => order.push('stopped'));
  // Whatever only waits for the process has gone on by then.
  await pause(50);
  finish();
  await stopped;
  expect(order).toEqual(['checked', 'stopped']);
});
