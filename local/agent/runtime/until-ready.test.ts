import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongRunning } from './command.ts';
import { untilReady } from './until-ready.ts';

const directory = mkdtempSync(join(tmpdir(), 'until-ready-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});
const start = (...command: string[]) => LongRunning.start('sh', ['-c', ...command], join(directory, 'log'));

test('a program that does not get ready is ended', async () => {
  const program = start('exec sleep 600');
  const never = untilReady(program, () => Promise.resolve(false), { timeout: 60, ended: 'it ended' });
  await expect(never).rejects.toThrow(/timed out/);
  expect(program.exit).toEqual({ code: undefined, signal: 'SIGKILL' });
});

test('one that ends by itself says so, and one that gets ready runs on', async () => {
  const over = untilReady(start('exit 3'), () => Promise.resolve(false), { timeout: 60_000, ended: 'it ended' });
  await expect(over).rejects.toThrow('it ended');
  const program = start('exec sleep 600');
  await untilReady(program, () => Promise.resolve(true), { timeout: 60_000, ended: 'it ended' });
  expect(program.running).toBe(true);
  program.signal('SIGKILL');
  await program.exited;
});
