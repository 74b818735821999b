import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { fakeClient } from '../testing/fake-client.ts';
import { LogShipper } from './log-shipper.ts';

const directory = mkdtempSync(join(tmpdir(), 'log-shipper-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('how far logs were sent is not forgotten by an agent that has taken over nothing yet', async () => {
  const file = join(directory, 'logs-sent.json');
  const sent = JSON.stringify({ '/logs/tasks/a/app.log': 17 });
  writeFileSync(file, sent);
  new LogShipper(fakeClient<CloudWatchLogsClient>({}), new Map(), file, () => undefined);
  // Its first look is over by then: it has nothing to wait for.
  await setTimeout(50);
  expect(readFileSync(file, 'utf8')).toBe(sent);
});
