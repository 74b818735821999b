import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binariesIn, METADATA } from './binaries.ts';

test('the binaries of a workspace are its crates with a main', () => {
  const workspace = join(import.meta.dirname, '../../services-rust');
  const withMain = readdirSync(workspace).filter((crate) => existsSync(join(workspace, crate, 'src/main.rs')));
  expect(withMain).toContain('testbed');
  const metadata = execFileSync('cargo', METADATA, { cwd: workspace, encoding: 'utf8' });
  expect(binariesIn(metadata)).toEqual(withMain.sort());
});
