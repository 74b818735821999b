import { setTimeout } from 'node:timers/promises';
import { oneMoment } from './one-moment.ts';
import type { Moment } from './moment.ts';
import { whileWatching } from './while-waiting.ts';

const ARN = 'arn:aws:ecs:r:0:service/c/web';
const momentWith = (...messages: readonly string[]): Moment => ({
  ...{
    at: Date.now(),
    names: new Map([[ARN, 'web']]),
    stopped: [],
    awaited: new Map(),
    stacks: [],
    stackEvents: [],
    complaints: [],
  },
  services: [{ serviceArn: ARN, events: messages.map((message) => ({ createdAt: new Date(), message })) }],
});

test('what happens is told while it waits, and what came last after it failed; a look that fails holds up nothing', async () => {
  const looks = [
    () => Promise.reject(new Error('ECONNREFUSED')),
    () => Promise.resolve(momentWith('(task a) one')),
    () => Promise.resolve(momentWith('(task a) one', '(task b) two')),
  ];
  const said: string[] = [];
  const run = async (): Promise<void> => {
    while (said.length === 0) await setTimeout(1);
    throw new Error('rolled back');
  };
  const read = (): Promise<Moment> =>
    ((looks.length > 1 ? looks.shift() : looks[0]) ?? looks[0])?.() ?? Promise.reject(new Error());
  await expect(whileWatching(run, { read, say: (line) => said.push(line), everyMs: 1 })).rejects.toThrow('rolled back');
  expect(said).toEqual(['web: (task a) one', 'web: (task b) two']);
});

test('a status is read until two readings agree, and not for ever', async () => {
  const answers = [1, 2, 2, 3];
  expect(await oneMoment(() => Promise.resolve({ running: answers.shift() }))).toEqual({ running: 2 });
  let count = 0;
  await oneMoment(() => Promise.resolve(++count));
  expect(count).toBeLessThan(10);
});
