import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogConfiguration } from '../../aws-shapes/awslogs.ts';
import { streamName } from '../core/logs/awslogs.ts';
import { LogTail } from './log-tail.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-tail-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('a log configuration names group and stream as the driver does', () => {
  const options = { 'awslogs-group': 'g', 'awslogs-stream-prefix': 'app', 'awslogs-create-group': 'true' };
  const logs = LogConfiguration.parse({ logDriver: 'awslogs', options });
  expect(logs).toEqual({ group: 'g', streamPrefix: 'app', createGroup: true });
  expect(logs && streamName(logs, 'container', 'task')).toBe('app/container/task');
  expect(LogConfiguration.parse({ logDriver: 'awsfirelens' })).toBeUndefined();
});

test('whole lines are sent once, and a broken one when it is whole', () => {
  const path = join(directory, 'a.log');
  const tail = new LogTail(path);
  const sent = (): readonly string[] => {
    const lines = tail.newLines();
    tail.taken();
    return lines;
  };
  expect(sent()).toEqual([]);
  writeFileSync(path, 'one\ntwo\nthr');
  expect(sent()).toEqual(['one', 'two']);
  appendFileSync(path, 'ee\n\n');
  expect(sent()).toEqual(['three']);
  expect(sent()).toEqual([]);
});

test('when too many lines come together, a note says so, and the newest ones are sent', () => {
  const path = join(directory, 'b.log');
  const lines = Array.from({ length: 10_000 }, (_, index) => `line ${String(index)}`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  const sent = new LogTail(path).newLines();
  expect(sent[0]).toMatch(/^\d+ bytes of log were not sent/);
  expect(sent.at(-1)).toBe('line 9999');
  expect(sent.length).toBeLessThan(7_000);
});
