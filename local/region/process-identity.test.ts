/** Real processes whose parent ended, as those of an agent that was killed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, identityOf, lives } from './process-identity.ts';

const directory = mkdtempSync(join(tmpdir(), 'identity-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Starts it from a shell that ends at once. */
const orphan = (script: string) =>
  identityOf(Number(execFileSync('sh', ['-c', `{ ${script}; } >/dev/null 2>&1 & echo $!`], { encoding: 'utf8' })));

test('a process of another parent is followed to its end, and its exit code is what it wrote down', async () => {
  const file = join(directory, 'exit');
  const identity = orphan(`sleep 1; echo 3 >${file}`);
  expect(lives(identity)).toBe(true);
  expect(await ended(identity, file)).toBe(3);
  expect(lives(identity)).toBe(false);
});

test('one that is killed has no exit code, and an id that is used again is not it', async () => {
  const identity = orphan('exec sleep 60');
  expect(lives({ ...identity, born: identity.born - 1 })).toBe(false);
  process.kill(identity.pid, 'SIGKILL');
  expect(await ended(identity, join(directory, 'none'))).toBeUndefined();
});
