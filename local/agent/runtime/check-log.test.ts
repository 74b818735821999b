import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckLog } from './check-log.ts';

const directory = mkdtempSync(join(tmpdir(), 'check-log-'));
const file = join(directory, 'checks.log');
beforeEach(() => {
  rmSync(file, { force: true });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const KEY = 'tg.web.1 10.0.1.4:3000';
const line = (code: number): string =>
  `${JSON.stringify({
    host: { socket_address: { address: '10.0.1.4', port_value: 3000 } },
    cluster_name: 'tg.web.1',
    health_check_failure_event: { failure_type: 'ACTIVE', http_status_code: code },
  })}\n`;
const codeOf = async (log: CheckLog) => [...(await log.failures())];
const found = (code: number) => [[KEY, { kind: 'code', code }]];

test('the last failure counts, also of a line that comes in two halves', async () => {
  const log = new CheckLog(file);
  expect(await codeOf(log)).toEqual([]);
  writeFileSync(file, line(500) + line(503) + line(404).slice(0, 50));
  expect(await codeOf(log)).toEqual(found(503));
  appendFileSync(file, line(404).slice(50));
  expect(await codeOf(log)).toEqual(found(404));
});

test('a log that was emptied is read from its beginning, and one that is large from near its end', async () => {
  const log = new CheckLog(file);
  writeFileSync(file, line(500).repeat(3));
  expect(await codeOf(log)).toEqual(found(500));
  truncateSync(file);
  appendFileSync(file, line(404));
  expect(await codeOf(log)).toEqual(found(404));
  appendFileSync(file, line(500).repeat(2_000) + line(502));
  expect(await codeOf(log)).toEqual(found(502));
});

test('what a target that is gone answered is forgotten', async () => {
  writeFileSync(file, line(500));
  const log = new CheckLog(file);
  await log.failures();
  log.forget('10.0.1.5');
  expect(await codeOf(log)).toEqual(found(500));
  log.forget('10.0.1.4');
  expect(await codeOf(log)).toEqual([]);
});
