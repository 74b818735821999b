/** A process that runs until a test ends it. */
import type { Exit, LongRunning } from '../runtime/command.ts';
import type { Shown } from './shown.ts';

export interface FakeProcess {
  readonly shown: LongRunning;
  readonly end: (exit: Exit) => void;
}

export function fakeProcess(pid: number, onSignal: (signal: NodeJS.Signals) => void): FakeProcess {
  let exit: Exit | undefined;
  let resolveExit: (exit: Exit) => void = () => undefined;
  const exited = new Promise<Exit>((resolve) => (resolveExit = resolve));
  const shown: Shown<LongRunning> = {
    identity: { pid, born: 0 },
    pid,
    exited,
    get running() {
      return exit === undefined;
    },
    get exit() {
      return exit;
    },
    signal: (signal) => {
      if (exit === undefined) onSignal(signal);
    },
    endsWithin: (milliseconds) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds, false);
        void exited.then(() => {
          clearTimeout(timer);
          resolve(true);
        });
      }),
  };
  return {
    shown: shown as LongRunning,
    end: (how) => {
      if (exit !== undefined) return;
      exit = how;
      resolveExit(how);
    },
  };
}
