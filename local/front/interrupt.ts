/** What a command does last when it is told to end. */

/** Ctrl-C comes twice: from the terminal to every process of the command, and from script/main.mjs to the one it waits for. */
export function whenInterrupted(last: () => Promise<unknown>): void {
  let ending: Promise<unknown> | undefined;
  const end = (): void => {
    ending ??= last().finally(() => process.exit(130));
  };
  process.on('SIGINT', end).on('SIGTERM', end);
}
