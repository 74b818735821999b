/** How progress looks: a live list on a terminal, plain lines elsewhere, with the time of each step. */
import { Listr, PRESET_TIMER, type ListrBaseClassOptions, type ListrTask } from 'listr2';

const RENDERING = {
  rendererOptions: { timer: PRESET_TIMER, collapseErrors: false },
  fallbackRendererOptions: { timer: PRESET_TIMER },
} as const;

/** An error that the list has shown already. */
export class Shown extends Error {}

/** Runs steps one after the other. @throws Shown after the first that fails, unless the others are to follow it */
export async function runSteps(
  steps: ListrTask[],
  options: Pick<ListrBaseClassOptions, 'exitOnError'> = {},
): Promise<void> {
  try {
    // A command with something to undo at Ctrl-C listens by itself; listr2's own listener would end the process before that.
    const registerSignalListeners = process.listenerCount('SIGINT') === 0;
    await new Listr(steps, { ...RENDERING, registerSignalListeners, ...options }).run();
  } catch (error) {
    throw new Shown(error instanceof Error ? error.message : String(error));
  }
}
