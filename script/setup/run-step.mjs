/** Runs the commands of one step of the set-up: their output goes to a log, how far they are to the terminal. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { startProgress } from './progress.mjs';

/** Enough for what npm, pip and apt say at the end when they fail. */
const LAST_LINES = 20;

/**
 * Ends the process when a command fails, with what it said last.
 * @param commands `[command, args, cwd]` each, one after the other
 * @param note makes a reader of lines, as in notes.mjs
 * @param noise lines that only the note is made of: the complaint goes without them
 */
export async function runStep({ title, commands, log, note = () => () => undefined, noise }) {
  const progress = startProgress(title);
  const read = note();
  for (const [command, args, cwd] of commands) {
    const last = [];
    const failed = await execute({ command, args, cwd, log }, (line) => {
      progress.tell(read(line));
      if (noise?.test(line)) return;
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
    });
    if (failed === undefined) continue;
    progress.failed();
    console.error(`${[...last, failed].join('\n')}\nsetup failed; the whole output is in ${log}`);
    process.exit(1);
  }
  progress.done();
}

/** @returns what went wrong, undefined when nothing did */
function execute({ command, args, cwd, log }, tell) {
  return new Promise((resolve) => {
    const file = createWriteStream(log, { flags: 'a' });
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => file.write(chunk));
      createInterface({ input: stream.pipe(new PassThrough()) }).on('line', tell);
    }
    child.on('error', (error) => {
      resolve(`${command}: ${error.message}`);
    });
    child.on('close', (code) => {
      file.end(() => {
        resolve(code === 0 ? undefined : `${command} ended with exit code ${code}`);
      });
    });
  });
}
