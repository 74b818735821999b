/**
 * Notes when each log file grew. Containers write their files themselves, without a pipe through the agent, so a line that
 * does not say when it was written has no other time.
 */
import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capturesFile } from '../../region/logs/captures.ts';
import type { SideWork } from '../loop/side-work.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import { extentOf } from '../../region/logs/log-parts.ts';

/** Lines of several tasks are in the right order to a half second, which is as well as a person reads along. */
const EVERY_MS = 500;

export class CaptureTimes implements SideWork {
  readonly #tasks: ReadonlyMap<string, Pick<RunningTask, 'plan'>>;
  /** End of each log, by directory of the task's logs; one that is over has a last look. */
  readonly #sizes = new Map<string, Map<string, number>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(tasks: ReadonlyMap<string, Pick<RunningTask, 'plan'>>) {
    this.#tasks = tasks;
  }

  /** Looks every half second. */
  start(): void {
    this.#timer = setInterval(() => {
      this.look();
    }, EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(now = Date.now()): void {
    const current = new Set([...this.#tasks.values()].map(({ plan }) => plan.logDirectory));
    for (const directory of new Set([...this.#sizes.keys(), ...current])) {
      const sizes = this.#sizes.get(directory) ?? new Map<string, number>();
      this.#sizes.set(directory, sizes);
      try {
        for (const name of readdirSync(directory)) if (name.endsWith('.log')) note(join(directory, name), sizes, now);
      } catch {
        // The directory is not there yet or not any more, or the disk is full: then the next look notes it.
      }
      if (!current.has(directory)) this.#sizes.delete(directory);
    }
  }
}

function note(file: string, sizes: Map<string, number>, now: number): void {
  const { end } = extentOf(file);
  const before = sizes.get(file) ?? 0;
  if (end === before) return;
  // Somebody emptied it, so its times begin again.
  if (end < before) rmSync(capturesFile(file), { force: true });
  // On a full disk it stays unknown, until there is space again.
  if (end > 0) appendFileSync(capturesFile(file), `${String(end)} ${String(now)}\n`);
  sizes.set(file, end);
}
