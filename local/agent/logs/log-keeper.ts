/** Keeps all logs within their limits: moves on what has grown large, and takes the oldest of stopped tasks away. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import { capturesFile } from '../../region/logs/captures.ts';
import { taskLogsIn } from '../../region/tasks.ts';
import { largestFile, LOG_LIMITS, tooMuch, type LogLimits, type TaskLogs } from '../core/logs/limits.ts';
import { Repeating, type SideWork } from '../loop/side-work.ts';
import type { RunningTask } from '../runtime/running-task.ts';
import type { Reserve } from './reserve.ts';
import { repair, rotate } from './rotate.ts';

/** A program that logs 100 MB a second exceeds its limit by that much, for that long. */
const PAUSE_MS = 1_000;
/** Logs that nothing writes to any more are looked at only once in this many looks. */
const STOPPED_EVERY = 10;

/** The folder of the logs of the VPCs' resolvers. */
export const RESOLVERS = 'names';
/** The folder of what functions write. */
export const FUNCTIONS = 'functions';
/** The folder of the logs of the VPCs' ways out. */
export const WAYS_OUT = 'ways-out';

export interface LogKeeperParts {
  /** It has the region's own logs, and those of each task in a directory of their own. */
  readonly directory: string;
  readonly tasks: ReadonlyMap<string, Pick<RunningTask, 'plan'>>;
  readonly book: Pick<ComplaintBook, 'each' | 'step'>;
  readonly limits?: LogLimits;
  readonly reserve: Pick<Reserve, 'hold' | 'keepOnly'>;
}

export class LogKeeper implements SideWork {
  readonly #parts: LogKeeperParts;
  readonly #limits: LogLimits;
  readonly #looking = new Repeating(() => this.look(), PAUSE_MS);
  #looks = 0;

  constructor(parts: LogKeeperParts) {
    this.#parts = parts;
    this.#limits = parts.limits ?? LOG_LIMITS;
  }

  /** Looks at once, and then every second. */
  start(): void {
    this.#looking.start();
  }

  stop(): void {
    this.#looking.stop();
  }

  async look(): Promise<void> {
    const { directory, book } = this.#parts;
    const isFirst = this.#looks === 0;
    const everything = this.#looks++ % STOPPED_EVERY === 0;
    const running = new Set([...this.#parts.tasks.values()].map(({ plan }) => plan.logDirectory));
    const tasks = namesIn(taskLogsIn(directory)).map((name) => join(taskLogsIn(directory), name));
    const own = [directory, ...[RESOLVERS, FUNCTIONS, WAYS_OUT].map((name) => join(directory, name))];
    const looked = [...own, ...tasks.filter((one) => everything || running.has(one))];
    await book.each('logs', looked, logsIn, async (one) => {
      const files = logFilesIn(one);
      const largest = own.includes(one)
        ? this.#limits.ownBytes / 2
        : largestFile(running.size, files.length, this.#limits);
      for (const file of files) {
        if (isFirst) repair(file);
        // A log that is hardly more than its times is kept as short as one that is not.
        if (sizeOf(file) + sizeOf(capturesFile(file)) > largest) rotate(file, largest);
        if (running.has(one))
          await this.#parts.reserve.hold(file, () => {
            rotate(file, largest);
          });
      }
    });
    this.#parts.reserve.keepOnly((file) => looked.some((one) => file.startsWith(`${one}/`)));
    if (everything)
      await book.step('old logs', () => {
        this.#removeOldest(tasks, running);
      });
  }

  #removeOldest(tasks: readonly string[], running: ReadonlySet<string>): void {
    const logs = tasks.map((one): TaskLogs => ({ directory: one, ...sumOf(one), running: running.has(one) }));
    for (const one of tooMuch(logs, this.#limits)) rmSync(one, { recursive: true, force: true });
  }
}

const logsIn = (directory: string): string => `logs in ${directory}`;

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // a task that has logged nothing yet, or is gone
  }
}

const logFilesIn = (directory: string): string[] =>
  namesIn(directory)
    .filter((name) => name.endsWith('.log'))
    .map((name) => join(directory, name));

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function sumOf(directory: string): Pick<TaskLogs, 'bytes' | 'changedAt'> {
  const files = namesIn(directory).flatMap((name) => statSync(join(directory, name), { throwIfNoEntry: false }) ?? []);
  return {
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    changedAt: Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs)),
  };
}
