/**
 * The place of `npm test`: a state folder with a temporary folder of its own, and an environment in which nothing leads to a
 * region of the user or writes elsewhere. One run at a time has it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, testResults } from './places.mjs';
import { stateOf } from './ports.mjs';
import { findRegistry } from './registry.mjs';

/** The README's `eval "$(npm run -s highlands -- env)"` leads a shell to the user's region. */
const LEADS_ELSEWHERE = /^(AWS|CDK|HIGHLANDS)_/;
const KEPT = ['HIGHLANDS_CHROMIUM', 'HIGHLANDS_INSTALL', 'HIGHLANDS_REGISTRY', 'HIGHLANDS_TEST_PORT'];

/** The environment of every step. */
export function testEnvironment(given, state) {
  const kept = Object.entries(given).filter(([name]) => !LEADS_ELSEWHERE.test(name) || KEPT.includes(name));
  const temporary = join(state, 'tmp');
  const registry = findRegistry(given);
  return {
    ...Object.fromEntries(kept),
    HIGHLANDS_STATE_DIR: state,
    // No registry of the public is asked. The tests that pull have one of their own.
    HIGHLANDS_PULL: 'never',
    ...(registry === undefined ? {} : { HIGHLANDS_REGISTRY: registry }),
    TMPDIR: temporary,
    // Chromium's fonts, and what npm packages unpack for themselves.
    XDG_CACHE_HOME: join(temporary, 'cache'),
    RUFF_CACHE_DIR: join(temporary, 'ruff'),
    HYPOTHESIS_STORAGE_DIRECTORY: join(temporary, 'hypothesis'),
    PYTHONDONTWRITEBYTECODE: '1',
    // Half of what compiling takes goes into debug symbols, which no test reads, into what a second build would use, and into
    // making the services' binaries smaller.
    CARGO_INCREMENTAL: '0',
    CARGO_PROFILE_DEV_DEBUG: '0',
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
    CARGO_PROFILE_RELEASE_LTO: 'off',
  };
}

function alive(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('script/test.mjs');
  } catch {
    return false;
  }
}

const pidFile = (state) => join(state, 'pid');
/** What says why something failed stays until the next run. */
const STAYS = ['logs'];

/** Ends the region of a run that was killed, if any, and removes what is in the place. */
function clear(state, stays) {
  if (existsSync(join(state, 'run/region.json')))
    spawnSync(process.execPath, [join(root, 'script/main.mjs'), 'down'], {
      env: testEnvironment(process.env, state),
      stdio: 'inherit',
    });
  if (!existsSync(state)) return;
  for (const name of readdirSync(state).filter((one) => !stays.includes(one)))
    rmSync(join(state, name), { recursive: true, force: true });
}

/** Takes the place, as it is after nothing ran. @returns why it can't be taken, in one line */
export function takePlace(state, twin) {
  const other = existsSync(pidFile(state)) ? readFileSync(pidFile(state), 'utf8') : '';
  if (alive(other)) return `npm test is already running in this folder (pid ${other}): wait until it ends`;
  for (const place of [state, twin]) {
    clear(place, []);
    mkdirSync(join(place, 'tmp'), { recursive: true });
  }
  rmSync(testResults, { recursive: true, force: true });
  mkdirSync(testResults);
  writeFileSync(pidFile(state), String(process.pid));
  return undefined;
}

export function leavePlace(state, twin) {
  for (const place of [state, twin]) clear(place, STAYS);
}

/** Below the ports that outgoing connections get, and far enough from each other for a region with many listeners. */
const [FIRST_PORT, APART] = [18_080, 100];
/** So many regions could be there already, of the user or of other checkouts. */
const TRIED = 50;

/** Where the region of a step answers: at the given port the first one, elsewhere that of its twin. */
export async function testPort(given, isTwin) {
  if (given !== undefined && !isTwin) return given;
  const first = FIRST_PORT + (isTwin ? TRIED * APART : 0);
  for (let port = first; port < first + TRIED * APART; port += APART)
    if ((await stateOf(port)) === 'free') return String(port);
  throw new Error(`no port from ${first} to ${first + TRIED * APART} is free: give one as HIGHLANDS_TEST_PORT`);
}

/** What the programs of the steps call what they leave in a temporary folder. */
const OURS = /^\.?(cdk|highlands|jest|node-compile-cache|org\.chromium|playwright|pytest-of|tsx)/;
/** Built for whoever asks first: users and tests share it. */
const SHARED = ['.highlands/', 'node_modules/', 'local/node_modules/', 'services-rust/target/'];

/** Everything that a step might have left outside of its place, and that a person would not have made meanwhile. */
export function outside() {
  const namesIn = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
  const git = spawnSync('git', ['status', '--porcelain', '--ignored'], { cwd: root, encoding: 'utf8' });
  const ignored = [...(git.stdout ?? '').matchAll(/^!! (.*)$/gm)].map(([, name]) => name);
  return [
    ...namesIn(tmpdir()).filter((path) => OURS.test(path.slice(tmpdir().length + 1))),
    ...['chromium', 'fontconfig', 'ms-playwright'].map((name) => join(homedir(), '.cache', name)).filter(existsSync),
    ...ignored.filter((name) => !SHARED.includes(name)).map((name) => join(root, name)),
  ];
}
