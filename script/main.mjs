/**
 * The `highlands` command from a fresh clone on: checks what the machine has, installs what is missing in this folder,
 * and hands over to local/cli. Plain Node, because nothing is installed yet.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askedPorts, regionRuns } from './setup/asked-ports.mjs';
import { neededBy } from './setup/needs.mjs';
import { installed, root, state } from './setup/places.mjs';
import { builtPrograms } from './setup/programs.mjs';
import { requireMachine } from './setup/require-machine.mjs';
import { setUp } from './setup/set-up.mjs';

// Cargo's rustup is to download nothing that nobody asked for: services-rust/README.md says what that would be.
process.env.RUSTUP_AUTO_INSTALL ??= '0';

// A reader that has seen enough closes the pipe; the command itself ends by that too.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1));

/** Node 20 was maintained until April 2026: https://github.com/nodejs/release#release-schedule */
const maintained = (version) => Number(version.split('.')[0]) >= 22;

const command = process.argv[2] ?? 'help';

// Commands that only look at, or end, what runs do not install anything first.
if (!existsSync(join(root, 'node_modules')) && ['down', 'status', 'logs', 'env'].includes(command)) {
  console.log('nothing is running');
  process.exit(command === 'down' ? 0 : 1);
}
const args = process.argv.slice(3);
const wanted = neededBy(command, args);
await requireMachine({ root, state, wanted, ports: regionRuns(state) ? [] : askedPorts(command, args) });
// These start a region.
const starts = wanted.includes('region');
if (starts || !existsSync(join(root, 'node_modules'))) await setUp({ root, state: installed, development: false });

// Once, where the reader is about to wait anyway. The SDK's own notice says more, in each process that uses it.
if (starts && !maintained(process.versions.node))
  console.error(
    `Node ${process.versions.node} gets no fixes of security any more; Highlands runs on it as on 22 and 24: https://nodejs.org/en/about/previous-releases`,
  );

const programs = await builtPrograms({ root, state: installed });
const child = spawn(process.execPath, [join(programs, 'highlands.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
  env: {
    ...process.env,
    HIGHLANDS_STATE_DIR: state,
    HIGHLANDS_PROGRAMS: programs,
    // Where the user is: npm says it, and paths on the command line begin there.
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
  },
});
// Ctrl-C goes to the whole group; the child decides, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exit(signal === null ? (code ?? 1) : 130);
});
