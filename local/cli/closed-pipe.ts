/** A reader that has seen enough, such as `head`, closes the pipe: then the command ends, without a word. */
import { whatInterrupts } from './interrupt.ts';

/** 0, as npm would print its own error for the 141 of a shell. */
const QUIETLY = 0;

export function endWithPipe(streams: readonly NodeJS.WriteStream[] = [process.stdout, process.stderr]): void {
  let ending = false;
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (ending) return;
      ending = true;
      // As at Ctrl-C: what is half made is removed.
      void whatInterrupts().finally(() => process.exit(QUIETLY));
    });
}
