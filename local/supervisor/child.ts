/** A child of the supervisor: what it prints goes to its log, and it ends when the supervisor ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { LOGS, ROOT } from '../region/paths.ts';
import { LogWriter } from './log-writer.ts';

/** The log of a child. */
export const logOf = (name: string): string => join(LOGS, `${name}.log`);

/**
 * The kernel sends it SIGKILL when its parent is gone: prctl(2), PR_SET_PDEATHSIG.
 * @param extra variables beside those of the supervisor
 */
export function startChild(name: string, command: readonly string[], extra: Record<string, string> = {}): ChildProcess {
  const log = opened(logOf(name));
  try {
    return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', log],
      env: { ...process.env, NODE_ENV: 'production', ...extra },
    });
  } finally {
    if (typeof log === 'number') closeSync(log);
  }
}

/** A full disk, which has no new file, must not keep anything from being started. */
function opened(file: string): number | 'ignore' {
  try {
    return openSync(file, 'a');
  } catch {
    return 'ignore';
  }
}

/** Copies the output to the log and resolves at the line that begins with `ready`. @throws Error when it ends before */
export function ready(name: string, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const file = logOf(name);
    const log = new LogWriter((text) => {
      writeFileSync(file, text, { flag: 'a' });
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.line(line);
      if (line.startsWith('ready')) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`${name} ended with exit code ${String(code)}: see ${file}`));
    });
  });
}

/** The only child of a process: what `unshare --fork` and `nsenter --pid` made. */
export function onlyChildOf(pid: number | undefined): number | undefined {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children.split(' ')[0]);
}
