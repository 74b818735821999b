import { isInterrupted } from './interrupt.ts';

/**
 * Runs a command, and ends the process when it failed: what went on beside it, such as the deploy of another stack, which may
 * wait for hours or for a region that is gone, is not waited for. All of the output is written by then, as Linux writes to
 * files, pipes and terminals at once: https://nodejs.org/api/process.html#a-note-on-process-io
 */
export async function leaveWhenFailed(
  command: () => Promise<void>,
  host: { readonly exitCode?: number | string | null | undefined; exit: () => unknown } = process,
  interrupted = isInterrupted,
): Promise<void> {
  await command();
  // Ctrl-C has an exit code of its own, and comes when everything is removed.
  if (interrupted()) return;
  if (Number(host.exitCode ?? 0) !== 0) host.exit();
}
