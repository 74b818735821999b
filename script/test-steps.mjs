/** The steps of `npm test`, each with how its passed and failed checks are counted. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, nodeFolder, root, testResults as results } from './setup/places.mjs';

const python = join(installed, 'venv/bin/python');
const bin = (name) => join(root, 'node_modules/.bin', name);
const rust = join(root, 'services-rust');
const pythonCode = ['local/control-plane', 'test/openapi'];

/** Counts of a step that is one check: its exit code decides. */
export const oneCheck = (code) => (code === 0 ? [1, 0] : [0, 1]);

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
export const PORT = '$port';
const jest = (name, ...args) => [bin('jest'), ['--json', `--outputFile=${resultFile(name)}`, ...args]];
/** The Node versions beside the one that runs this, under which a part of the tests runs too. */
const NODES = ['22', '24'];
/** What depends most on Node itself: programs, files, streams, sockets, signals, and the modules of the command line. */
const NODE_SUITES = ['cli', 'region', 'supervisor', 'terminal', 'agent/logs', 'agent/runtime', 'agent/tracing'];
/** Part of the tests under another Node, which also starts what they start. A region of each would take minutes. */
function underNode(version) {
  const name = `node-${version}`;
  const [, args] = jest(name, ...NODE_SUITES.map((suite) => `/local/${suite}/.*\\.test\\.ts$`));
  const program = join(nodeFolder(version), 'node');
  return { name, run: [program, [join(root, 'node_modules/jest/bin/jest.js'), ...args]], count: jestCounts(name) };
}
/**
 * What starts no region and watches no clock: two of these run side by side, since each has a processor to itself for most
 * of its time. The long ones come first, and cargo's not at the same time, whose lock is one.
 */
export const besideSteps = [
  { name: 'cargo-fmt', cwd: rust, run: ['cargo', ['fmt', '--all', '--check']] },
  { name: 'ruff', run: [python, ['-m', 'ruff', 'check', ...pythonCode]] },
  { name: 'ruff-format', run: [python, ['-m', 'ruff', 'format', '--check', ...pythonCode]] },
  { name: 'mypy', cwd: join(root, 'local/control-plane'), run: [python, ['-m', 'mypy']] },
  // In parts: all at once takes more memory than Node gives itself.
  { name: 'lint', run: ['npm', ['run', '--silent', 'lint']] },
  {
    name: 'clippy',
    cwd: rust,
    run: ['cargo', ['clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings']],
  },
  { name: 'cargo-test', cwd: rust, run: ['cargo', ['test', '--workspace', '--locked']], count: cargoCounts },
  // But the one that compiles, which would wait for cargo's lock, and everything else of jest's for it.
  { name: 'jest', run: jest('jest', '^(?!.*/new-service\\.test\\.ts$)'), count: jestCounts('jest') },
  ...NODES.map(underNode),
  {
    name: 'pytest',
    cwd: join(root, 'local/control-plane'),
    run: [python, ['-m', 'pytest', '-q', 'tests']],
    count: closingLineCounts,
  },
  {
    name: 'new-service',
    run: jest('new-service', 'script/new-service/new-service.test'),
    count: jestCounts('new-service'),
  },
  { name: 'typecheck', run: ['npm', ['run', '--silent', 'typecheck']] },
  {
    name: 'openapi',
    cwd: join(root, 'test/openapi'),
    run: [python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '.']],
    count: closingLineCounts,
  },
  {
    name: 'scan',
    run: jest('scan', '--config', 'test/scan/jest.config.mjs', '--runInBand'),
    count: jestCounts('scan'),
  },
];

/**
 * What starts regions and sends them traffic, which mostly waits: two of these run side by side too, in places of their own.
 * They come when the others are done, and here too the long ones first.
 */
export const regionSteps = [
  {
    name: 'neighbours',
    run: [process.execPath, ['script/main.mjs', 'neighbours', '--port', PORT, '--json', resultFile('neighbours')]],
    count: neighbourCounts,
  },
  {
    name: 'options',
    run: jest('options', '--config', 'test/e2e/jest.config.mjs', '--runInBand', 'options.e2e'),
    count: jestCounts('options'),
  },
  { name: 'recovery', run: [process.execPath, ['--import', 'tsx', 'test/recovery/main.ts']], count: closingLineCounts },
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
  {
    name: 'e2e',
    run: jest('e2e', '--config', 'test/e2e/jest.config.mjs', '--runInBand', 'region.e2e', 'interruption.e2e'),
    count: jestCounts('e2e'),
  },
  {
    name: 'deliver',
    run: jest('deliver', '--config', 'test/deliver/jest.config.mjs', '--runInBand'),
    count: jestCounts('deliver'),
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
];

/** The type checker and the linter may hold 4 GB each, Node's own limit; less than this would swap. */
const MEMORY_FOR_TWO = 7 * 2 ** 30;

/** How many steps run side by side: two, where there are two processors and the memory. */
export const lanes = (processors, memory) => (processors > 1 && memory >= MEMORY_FOR_TWO ? 2 : 1);
