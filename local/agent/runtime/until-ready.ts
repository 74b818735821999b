/** Waits for a program that was just started. */
import { readFile } from 'node:fs/promises';
import pWaitFor from 'p-wait-for';
import type { LongRunning } from './command.ts';

/** Often enough that nobody sees the wait, and cheap: it is a look at a small file. */
const LOOK_EVERY_MS = 20;

/**
 * A process that does not get ready is ended: nobody else knows of it, so it would keep its port and its namespace for ever.
 * @throws Error when it ends, or is not ready within the time
 */
export async function untilReady(
  program: LongRunning,
  ready: () => Promise<boolean>,
  { timeout, ended }: { readonly timeout: number; /** What is said then. */ readonly ended: string },
): Promise<void> {
  try {
    await pWaitFor(
      async () => {
        if (!program.running) throw new Error(ended);
        return ready();
      },
      { interval: LOOK_EVERY_MS, timeout },
    );
  } catch (error) {
    program.signal('SIGKILL');
    // The next start finds its port free.
    await program.exited;
    throw error;
  }
}

/** What a program has written to its log. */
const written = (logFile: string): Promise<string> => readFile(logFile, 'utf8').catch(() => '');

/** @returns what a program writes to its log from now on; programs before it wrote there too */
export async function saidFromNow(logFile: string): Promise<() => Promise<string>> {
  const before = (await written(logFile)).length;
  return async () => (await written(logFile)).slice(before);
}
