/** The two ways in which the agent starts other programs: wait for a short one, keep a long one. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import type { ProcessIdentity } from '../../region/process-identity.ts';
import { ended, identityOf } from '../../region/process-identity.ts';

/** Runs a short command to its end. @throws Error with the command, its exit code and what it said. */
export async function run(command: string, args: readonly string[], input = ''): Promise<string> {
  const result = await execa(command, args, { input, reject: false, timeout: 20_000 });
  if (result.exitCode === 0) return result.stdout;
  throw new Error(`${command} ${args.join(' ')}: exit code ${String(result.exitCode)}: ${result.stderr.trim()}`);
}

export interface Exit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** A program that runs until it ends by itself or is ended; its output goes to a file. */
export class LongRunning {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<Exit>;
  #exit: Exit | undefined;

  private constructor(identity: ProcessIdentity, exited: Promise<Exit>) {
    this.identity = identity;
    this.exited = exited.then((exit) => (this.#exit = exit));
  }

  /**
   * Takes over a program that another agent started. How it ended is known only if it writes that down itself.
   * @param exitFile for its exit code
   */
  static adopt(identity: ProcessIdentity, exitFile?: string): LongRunning {
    return new LongRunning(
      identity,
      ended(identity, exitFile).then((code) => ({ code, signal: undefined })),
    );
  }

  /** Output is the file's own descriptor, no pipe through the agent: a busy agent can't hold back a task's log. */
  static start(
    command: string,
    args: readonly string[],
    logFile: string,
    environment?: Readonly<Record<string, string>>,
  ): LongRunning {
    const log = openSync(logFile, 'a');
    try {
      const child = spawn(command, args, { stdio: ['ignore', log, log], env: { ...(environment ?? process.env) } });
      child.on('error', () => undefined); // a failed spawn shows as a missing pid, below
      if (child.pid === undefined) throw new Error(`${command} could not be started: is it installed?`);
      return new LongRunning(identityOf(child.pid), exitOf(child));
    } finally {
      closeSync(log);
    }
  }

  get pid(): number {
    return this.identity.pid;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** Signals the program if it still runs. */
  signal(signal: NodeJS.Signals): void {
    if (this.running) signalProcess(this.pid, signal);
  }

  /** Resolves to true when it ended within the time. */
  async endsWithin(milliseconds: number): Promise<boolean> {
    const giveUp = new AbortController();
    const ended = await Promise.race([
      this.exited.then(() => true),
      setTimeout(milliseconds, false, { signal: giveUp.signal }).catch(() => false),
    ]);
    giveUp.abort();
    return ended;
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? undefined, signal: signal ?? undefined });
    });
  });
}

/** Signals a process that may be gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
