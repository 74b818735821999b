/** Runs an action as the very command that the page shows. */
import { execa } from 'execa';
import { ROOT } from '../../region/paths.ts';
import { commandOf as programCommand } from '../../region/programs.ts';
import { commandOf, commandText } from '../command-line.ts';
import type { Action, ActionResult } from '../protocol/actions.ts';
import { readResponse, withoutTime } from './curl-answer.ts';

/** More than a command takes on a busy machine; a load also runs for its own time. */
const PATIENCE_MS = 60_000;
/** What a page can show. */
const MOST_OUTPUT = 64 * 1024;

/** The command line is loaded without the wrapper of `npm run`, which checks the machine first: the region runs already. */
const HIGHLANDS = programCommand('highlands');

export class ActionRunner {
  #loads = 0;

  /** One load at a time: together they would be as many as somebody clicks. */
  isFree(action: Action): boolean {
    return action.action !== 'load' || this.#loads === 0;
  }

  async run(action: Action): Promise<ActionResult> {
    const isLoad = action.action === 'load';
    if (isLoad) this.#loads += 1;
    try {
      const { program, args } = commandOf(action);
      const [file, ...before] = program === 'curl' ? ['curl'] : HIGHLANDS;
      const result = await execa(file, [...before, ...args], {
        cwd: ROOT,
        stdin: 'ignore',
        reject: false,
        all: true,
        timeout: PATIENCE_MS + (isLoad ? action.seconds * 1000 : 0),
        env: { NO_COLOR: '1' },
      });
      const output = result.timedOut ? `${result.all}\nit did not end in time and was ended` : result.all;
      const response = action.action === 'request' ? readResponse(result.stdout) : undefined;
      return {
        ok: result.exitCode === 0,
        command: commandText(action),
        output: (action.action === 'request' && response === undefined ? withoutTime(output) : output).slice(
          0,
          MOST_OUTPUT,
        ),
        response,
      };
    } finally {
      if (isLoad) this.#loads -= 1;
    }
  }
}
