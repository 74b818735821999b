/** Starts the console, and again when it ends: people look at it, and nothing else needs it, so its end ends nothing. */
import { join } from 'node:path';
import { ROOT } from '../region/paths.ts';
import { ready, startChild } from './child.ts';
import { Restarts, startAgain } from './restarts.ts';

const NAME = 'console';
const restarts = new Restarts();

export async function startConsole(port: number): Promise<void> {
  const program = ['--import', 'tsx', join(ROOT, 'local/console/main.ts'), '--port', String(port)];
  const child = startChild(NAME, [process.execPath, ...program]);
  child.once('exit', () => {
    startAgain(
      restarts,
      () => startConsole(port),
      () => undefined,
    );
  });
  await ready(NAME, child);
}
