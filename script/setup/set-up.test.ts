import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const folder = mkdtempSync(join(tmpdir(), 'set-up-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Everything that setUp looks for, as if it had run; a text of ours in the mark tells whether it was written again. */
function installed(): { root: string; state: string } {
  const root = join(folder, 'root');
  const state = join(folder, 'state');
  const files = {
    [join(root, 'package-lock.json')]: 'lock',
    [join(root, 'node_modules/.highlands-lock')]: hashOf('lock'),
    [join(root, 'script/setup/nodes/package-lock.json')]: 'nodes',
    [join(state, 'nodes.stamp')]: hashOf('nodes'),
    [join(root, 'script/setup/registry.mjs')]: 'registry',
    [join(state, 'registry.stamp')]: hashOf('registry'),
    [join(root, 'local/control-plane/requirements-dev.txt')]: 'dev',
    [join(root, 'local/control-plane/requirements-scan.txt')]: 'scan',
    [join(state, 'venv.stamp')]: hashOf('dev'),
    [join(state, 'scan.stamp')]: hashOf('scan'),
    [join(state, 'venv/.development')]: 'of another user',
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { root, state };
}

test('where everything is installed nothing is run and nothing is written: it may belong to another user', () => {
  const place = installed();
  // Plain JavaScript for a machine without packages; it runs in a process of its own.
  const script = `import(process.argv[1]).then(({ setUp }) => setUp(JSON.parse(process.argv[2])))`;
  const options = JSON.stringify({ ...place, development: true });
  const said = execFileSync(process.execPath, ['-e', script, join(import.meta.dirname, 'set-up.mjs'), options], {
    encoding: 'utf8',
  });
  expect(said).toBe('');
  expect(readFileSync(join(place.state, 'venv/.development'), 'utf8')).toBe('of another user');
});
