/** Types `npm run template-diff` in a copy of the tree, on a change that is not committed yet. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { treeCopy } from '../../test/tree-copy.ts';

const GOLDEN = 'service-a/test/HighlandsServiceA.template.json';
let copy: string;

beforeAll(() => {
  copy = treeCopy('template-diff');
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  execFileSync('git', [...author, 'commit', '--quiet', '--no-verify', '-m', 'base'], { cwd: copy });
});
afterAll(() => {
  rmSync(copy, { recursive: true });
});

function templateDiff(...args: string[]) {
  return spawnSync('npm', ['run', '--silent', 'template-diff', '--', ...args], { cwd: copy, encoding: 'utf8' });
}

test('a change of a committed template is shown, on the screen or in a file', () => {
  expect(templateDiff('--base', 'HEAD').stdout).toMatch(/Nothing: no committed template changes/);
  const golden = join(copy, GOLDEN);
  writeFileSync(golden, readFileSync(golden, 'utf8').replace('"DesiredCount": 2', '"DesiredCount": 3'));
  const { stdout, status } = templateDiff('--base', 'HEAD');
  expect(status).toBe(0);
  expect(stdout).toContain(`### ${GOLDEN}\n`);
  expect(stdout).toMatch(/\[-\] 2\n.*\[\+\] 3/);
  expect(templateDiff('--base', 'HEAD', '--output', 'diff.md').status).toBe(0);
  expect(readFileSync(join(copy, 'diff.md'), 'utf8')).toBe(stdout);
});

test('a base that is no commit is refused in the words of git', () => {
  const { status, stderr } = templateDiff('--base', 'nowhere');
  expect(status).toBe(1);
  expect(stderr).toMatch(/nowhere/);
  expect(stderr).not.toMatch(/\n\s+at /);
});
