/** What a command does last when it is told to end. */

let lastly: (() => Promise<unknown>) | undefined;

/** Does it once, however often it is asked for. */
let ending: Promise<unknown> | undefined;
export function whatInterrupts(): Promise<unknown> {
  ending ??= lastly?.() ?? Promise.resolve();
  return ending;
}

/** Whether the command is being ended: then what fails does so because of it, and the signal has the last word. */
export const isInterrupted = (): boolean => ending !== undefined;

/** Ctrl-C comes twice: from the terminal to every process of the command, and from script/main.mjs to the one it waits for. */
export function whenInterrupted(last: () => Promise<unknown>): void {
  lastly = last;
  const end = (): void => {
    void whatInterrupts().finally(() => process.exit(130));
  };
  process.on('SIGINT', end).on('SIGTERM', end);
}
