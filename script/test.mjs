/**
 * `npm test`: everything that can be checked without AWS, in steps, and one closing line with the sum. Plain Node without
 * dependencies: it installs them. `npm test -- jest e2e` runs only the steps named.
 */
import { spawn } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { findChromium } from './setup/chromium.mjs';
import { neededBy } from './setup/needs.mjs';
import { installed, root, testState as state, twinState as twin } from './setup/places.mjs';
import { requireMachine } from './setup/require-machine.mjs';
import { setUp } from './setup/set-up.mjs';
import { leavePlace, outside, takePlace, testEnvironment, testPort } from './setup/test-place.mjs';
import { besideSteps, lanes, oneCheck, PORT, regionSteps } from './test-steps.mjs';

// Cargo's rustup is to download nothing that nobody asked for: services-rust/README.md says what that would be.
process.env.RUSTUP_AUTO_INSTALL ??= '0';

const environmentOf = (place) => ({
  ...testEnvironment(process.env, place),
  ...(chromium === undefined ? {} : { HIGHLANDS_CHROMIUM: chromium }),
});

/** Ctrl-C ends the steps that run, and what they started: each is a process group, so that it also holds for a `kill`. */
const running = new Set();
let begun = false;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    // Nothing of the tests runs yet: what is being installed goes on where it was at the next start.
    if (!begun) process.exit(130);
    interrupted = true;
    for (const { pid, exitCode } of running) if (pid !== undefined && exitCode === null) process.kill(-pid, signal);
  });

/** What waits for ever must not hold up the rest: twice what the longest step takes on a slow machine. */
const STEP_MINUTES = 35;

/** @param prefix of each line, which tells the steps apart that run side by side */
async function execute({ run: [command, args], cwd = root }, place, prefix) {
  const port = await testPort(process.env.HIGHLANDS_TEST_PORT, place === twin);
  const env = { ...environmentOf(place), HIGHLANDS_TEST_PORT: port };
  const words = args.map((word) => (word === PORT ? port : word));
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const lines = [];
    const limit = setTimeout(() => {
      lines.push(`error: not done after ${STEP_MINUTES} minutes`);
      process.kill(-child.pid, 'SIGTERM');
    }, STEP_MINUTES * 60_000);
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => {
        lines.push(line);
        console.log(prefix + line);
      });
    const end = (code) => {
      clearTimeout(limit);
      running.delete(child);
      resolve({ code, lines });
    };
    child.on('error', (error) => {
      lines.push(String(error));
      end(127);
    });
    child.on('close', (code) => {
      end(code ?? 1);
    });
  });
}

const only = process.argv.slice(2);
const steps = [...besideSteps, ...regionSteps];
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
await setUp({ root, state: installed, development: true });
const taken = takePlace(state, twin);
if (taken !== undefined) {
  console.error(taken);
  process.exit(1);
}
const before = outside();
begun = true;
const rows = new Map();
/** Of a step that failed: enough for what jest, cargo, pytest and our own runners say at the end. */
const LAST_LINES = 60;
/** How each of them marks a check that failed. */
const MARK = /^\s*(?:✕|✖|● .* › |FAILED |test .* FAILED$|error)/;
const failures = [];
const names = [];

/** Two steps at a time need two. */
const places = [state, twin].slice(0, lanes(availableParallelism(), totalmem()));

/** Plays one step after the other in a place; whoever else plays from the same list takes those that nobody has yet. */
async function play(list, place) {
  for (const step of list) {
    if (interrupted) return;
    if (only.length > 0 && !only.includes(step.name)) continue;
    console.log(`\n── ${step.name}`);
    const started = Date.now();
    const { code, lines } = await execute(step, place, places.length > 1 ? `${step.name} │ ` : '');
    const [passed, failed] = (step.count ?? oneCheck)(code, lines.join('\n'));
    rows.set(step, { step: step.name, seconds: Math.round((Date.now() - started) / 100) / 10, passed, failed });
    if (failed === 0) continue;
    failures.push([`\n── failed: ${step.name}`, ...lines.slice(-LAST_LINES)]);
    // A name is enough to look for it above, and ten of them say what kind of fault it is.
    const marked = [...new Set(lines.filter((line) => MARK.test(line)))].slice(0, 10);
    names.push(...marked.map((line) => `${step.name}: ${line.trim().slice(0, 200)}`));
  }
}
const lists = [besideSteps.values(), regionSteps.values()];
await Promise.all(
  places.map(async (place) => {
    for (const list of lists) await play(list, place);
  }),
);
leavePlace(state, twin);
if (interrupted) process.exit(130);
const table = steps.flatMap((step) => rows.get(step) ?? []);
const left = outside().filter((path) => !before.includes(path));
table.push({ step: 'nothing left', seconds: 0, passed: left.length === 0 ? 1 : 0, failed: left.length });
if (left.length > 0) failures.push(['\n── left outside of the place of the tests:', ...left]);
// Once more where it is looked for: thousands of lines may have gone by since.
for (const lines of failures) console.log(lines.join('\n'));
console.log('');
console.table(table);
// And the names of all of them where even what is cut off at its beginning has them.
for (const line of names) console.log(line);
const sum = (field) => table.reduce((total, row) => total + row[field], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') === 0 && sum('passed') > 0 ? 0 : 1);
