import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('the help is written without a word of Node beside it', () => {
  const program = ['--import', 'tsx', join(import.meta.dirname, 'highlands.ts'), '--help'];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('start the local region and deploy');
});
