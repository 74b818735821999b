/**
 * The `highlands` command from a fresh clone on: checks what the machine has, installs what is missing in this folder,
 * and hands over to local/front. Plain Node, because nothing is installed yet.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complaints, lookAround } from './setup/preflight.mjs';
import { installed, root, state } from './setup/places.mjs';
import { setUp } from './setup/set-up.mjs';

const command = process.argv[2] ?? 'help';

// Commands that only look at, or end, what runs do not install anything first.
if (!existsSync(join(root, 'node_modules')) && ['down', 'status', 'logs', 'env'].includes(command)) {
  console.log('nothing is running');
  process.exit(command === 'down' ? 0 : 1);
}
// These start a region.
const starts = ['up', 'neighbours'].includes(command);
if (starts) {
  const found = complaints(lookAround());
  if (found.length > 0) {
    for (const line of found) console.error(line);
    // EX_UNAVAILABLE of sysexits.h: something that is needed is not there.
    process.exit(69);
  }
}
if (starts || !existsSync(join(root, 'node_modules'))) await setUp({ root, state: installed, development: false });

const child = spawn(
  process.execPath,
  ['--import', 'tsx', join(root, 'local/front/highlands.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    cwd: root,
    env: {
      ...process.env,
      HIGHLANDS_STATE_DIR: state,
      // Where the user is: npm says it, and paths on the command line begin there.
      INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
      // The SDK's notice about Node versions of next year says nothing to a user of today.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  },
);
// Ctrl-C goes to the whole group; the child decides, and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exit(signal === null ? (code ?? 1) : 130);
});
