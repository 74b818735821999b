/** Starts the console, and again when it ends: people look at it, and nothing else needs it, so its end ends nothing. */
import { commandOf } from '../region/programs.ts';
import { ready, startChild } from './child.ts';
import { Restarts, startAgain } from './restarts.ts';

const NAME = 'console';
const restarts = new Restarts();

export async function startConsole(port: number): Promise<void> {
  const child = startChild(NAME, [...commandOf('console'), '--port', String(port)]);
  child.once('exit', () => {
    startAgain(
      restarts,
      () => startConsole(port),
      () => undefined,
    );
  });
  await ready(NAME, child);
}
