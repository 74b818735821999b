/**
 * `npm test`: everything that can be checked without AWS, one step after the other, and one closing line with the sum.
 * Plain Node without dependencies: it installs them. `npm test -- jest e2e` runs only the steps named.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './setup/chromium.mjs';
import { neededBy } from './setup/needs.mjs';
import { installed, root, testState as state } from './setup/places.mjs';
import { requireMachine } from './setup/require-machine.mjs';
import { setUp } from './setup/set-up.mjs';
import { leavePlace, outside, takePlace, testEnvironment, testPort } from './setup/test-place.mjs';

const results = join(state, 'results');
const python = join(installed, 'venv/bin/python');
const bin = (name) => join(root, 'node_modules/.bin', name);
const rust = join(root, 'services-rust');
const environment = {
  ...testEnvironment(process.env, state),
  // A notice about Node versions of next year, once for each process.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** Counts of a step that is one check: its exit code decides. */
const oneCheck = (code) => (code === 0 ? [1, 0] : [0, 1]);

/** Sums the closing lines of every test binary. */
function cargoCounts(code, output) {
  const lines = [...output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)];
  const sum = lines.reduce(([passed, failed], line) => [passed + Number(line[1]), failed + Number(line[2])], [0, 0]);
  return code !== 0 && sum[1] === 0 ? [sum[0], 1] : sum;
}

const resultFile = (name) => join(results, `${name}.json`);
function jestCounts(name) {
  return (code) => {
    if (!existsSync(resultFile(name))) return [0, 1];
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(resultFile(name), 'utf8'),
    );
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return [numPassedTests, code !== 0 && failed === 0 ? 1 : failed];
  };
}

/** Of a closing line such as `12 passed, 1 failed`. */
function closingLineCounts(code, output) {
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(output.slice(-2000))?.[1] ?? 0);
  const failed = count('failed') + count('error');
  return [count('passed'), code !== 0 && failed === 0 ? 1 : failed];
}

/** The scenarios of the running mesh: one passed or failed each. */
function neighbourCounts(code) {
  if (!existsSync(resultFile('neighbours'))) return [0, 1];
  const played = JSON.parse(readFileSync(resultFile('neighbours'), 'utf8'));
  const failed = played.filter(({ passed }) => !passed).length;
  return [played.length - failed, code !== 0 && failed === 0 ? 1 : failed];
}

/** Stands for the port of a step's region, which is looked for when the step begins. */
const PORT = '$port';
const jest = (name, ...args) => [bin('jest'), ['--json', `--outputFile=${resultFile(name)}`, ...args]];
const steps = [
  { name: 'typecheck', run: ['npm', ['run', '--silent', 'typecheck']] },
  // In parts: all at once takes more memory than Node gives itself.
  { name: 'lint', run: ['npm', ['run', '--silent', 'lint']] },
  { name: 'cargo-fmt', cwd: rust, run: ['cargo', ['fmt', '--all', '--check']] },
  {
    name: 'clippy',
    cwd: rust,
    run: ['cargo', ['clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings']],
  },
  { name: 'cargo-test', cwd: rust, run: ['cargo', ['test', '--workspace', '--locked']], count: cargoCounts },
  {
    name: 'openapi',
    cwd: join(root, 'test/openapi'),
    run: [python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '.']],
    count: closingLineCounts,
  },
  { name: 'ruff', run: [python, ['-m', 'ruff', 'check', 'local/control-plane', 'test/openapi']] },
  {
    name: 'scan',
    run: jest('scan', '--config', 'test/scan/jest.config.mjs', '--runInBand'),
    count: jestCounts('scan'),
  },
  {
    name: 'pytest',
    cwd: join(root, 'local/control-plane'),
    run: [python, ['-m', 'pytest', '-q', 'tests']],
    count: closingLineCounts,
  },
  { name: 'jest', run: jest('jest'), count: jestCounts('jest') },
  { name: 'recovery', run: [process.execPath, ['--import', 'tsx', 'test/recovery/main.ts']], count: closingLineCounts },
  {
    name: 'neighbours',
    run: [process.execPath, ['script/main.mjs', 'neighbours', '--port', PORT, '--json', resultFile('neighbours')]],
    count: neighbourCounts,
  },
  {
    name: 'e2e',
    run: jest('e2e', '--config', 'test/e2e/jest.config.mjs', '--runInBand', 'region.e2e', 'interruption.e2e'),
    count: jestCounts('e2e'),
  },
  {
    name: 'options',
    run: jest('options', '--config', 'test/e2e/jest.config.mjs', '--runInBand', 'options.e2e'),
    count: jestCounts('options'),
  },
  {
    name: 'examples',
    run: jest('examples', '--config', 'test/examples/jest.config.mjs', '--runInBand'),
    count: jestCounts('examples'),
  },
  {
    name: 'observability',
    run: jest('observability', '--config', 'test/observability/jest.config.mjs', '--runInBand'),
    count: jestCounts('observability'),
  },
  {
    name: 'deliver',
    run: jest('deliver', '--config', 'test/deliver/jest.config.mjs', '--runInBand'),
    count: jestCounts('deliver'),
  },
  {
    name: 'console',
    run: jest('console', '--config', 'test/console/jest.config.mjs', '--runInBand'),
    count: jestCounts('console'),
  },
  {
    name: 'docs',
    run: jest('docs', '--config', 'test/docs/jest.config.mjs', '--runInBand'),
    count: jestCounts('docs'),
  },
];

/** Ctrl-C ends the step that runs, and what it started: they are a process group, so that it also holds for a `kill`. */
let running;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    // Nothing of the tests runs yet: what is being installed goes on where it was at the next start.
    if (running === undefined) process.exit(130);
    interrupted = true;
    if (running.pid !== undefined && running.exitCode === null) process.kill(-running.pid, signal);
  });

async function execute({ run: [command, args], cwd = root }) {
  const port = await testPort(process.env.HIGHLANDS_TEST_PORT);
  const env = { ...environment, HIGHLANDS_TEST_PORT: port };
  const words = args.map((word) => (word === PORT ? port : word));
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => {
      resolve({ code: 127, output: String(error) });
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

const only = process.argv.slice(2);
const unknown = only.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`npm test: no step "${unknown.join('", "')}": choose from ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(64);
}

const asked = process.env.HIGHLANDS_TEST_PORT;
const choose = (free) => `\`HIGHLANDS_TEST_PORT=${free} npm test\``;
const ports = asked === undefined ? [] : [{ port: Number(asked), reserved: [], choose }];
await requireMachine({ root, state: installed, wanted: neededBy('test', []), steps: only, ports });
const chromium = findChromium();
if (chromium !== undefined) environment.HIGHLANDS_CHROMIUM = chromium;
await setUp({ root, state: installed, development: true });
const taken = takePlace(state);
if (taken !== undefined) {
  console.error(taken);
  process.exit(1);
}
const before = outside();
const rows = [];
/** Of a step that failed: enough for what jest, cargo, pytest and our own runners say at the end. */
const LAST_LINES = 60;
const failures = [];
for (const step of steps) {
  if (interrupted) break;
  if (only.length > 0 && !only.includes(step.name)) continue;
  console.log(`\n── ${step.name}`);
  const started = Date.now();
  const { code, output } = await execute(step);
  const [passed, failed] = (step.count ?? oneCheck)(code, output);
  rows.push({ step: step.name, seconds: Math.round((Date.now() - started) / 100) / 10, passed, failed });
  if (failed > 0) failures.push([`\n── failed: ${step.name}`, ...output.trimEnd().split('\n').slice(-LAST_LINES)]);
}
leavePlace(state);
if (interrupted) process.exit(130);
const left = outside().filter((path) => !before.includes(path));
rows.push({ step: 'nothing left', seconds: 0, passed: left.length === 0 ? 1 : 0, failed: left.length });
if (left.length > 0) failures.push(['\n── left outside of the place of the tests:', ...left]);
// Once more where it is looked for: thousands of lines may have gone by since.
for (const lines of failures) console.log(lines.join('\n'));
console.log('');
console.table(rows);
const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1);
