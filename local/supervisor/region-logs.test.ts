import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeLogs } from './region-logs.ts';

test('what a region logged goes, whatever it is called; what installing logged stays', () => {
  const directory = mkdtempSync(join(tmpdir(), 'region-logs-'));
  mkdirSync(join(directory, 'tasks/t'), { recursive: true });
  const region = ['agent.log', 'agent.log.900', 'load-balancer-x.log', 'front-door.log', 'spans.jsonl.1'];
  const others = ['cdk.log', 'delivery.log', 'setup-npm.log'];
  for (const name of [...region, ...others, 'tasks/t/0.log']) writeFileSync(join(directory, name), 'x');
  removeLogs(directory);
  expect(readdirSync(directory).sort()).toEqual(others);
  rmSync(directory, { recursive: true });
  expect(() => {
    removeLogs(directory);
  }).not.toThrow();
});
