/** The log files of all tasks of this run, and what came to them since the last look. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { linesAfter, sizeOf } from '../../front/log-lines.ts';
import { loggedTasks } from '../../front/task-files.ts';

export interface LogFile {
  readonly path: string;
  readonly container: string;
  readonly taskId: string;
  readonly zone: string;
  /** The ECS service's name and its discovery names. */
  readonly serviceName: string;
}

export interface RawLine {
  readonly file: LogFile;
  /** Where in its file it begins. */
  readonly offset: number;
  readonly text: string;
}

export function logFiles(): LogFile[] {
  return loggedTasks().flatMap(({ taskId, zone, serviceName, logDirectory }) =>
    readdirSync(logDirectory)
      .filter((name) => name.endsWith('.log'))
      .map((name) => ({
        path: join(logDirectory, name),
        container: basename(name, '.log'),
        taskId,
        zone,
        serviceName,
      })),
  );
}

/** So much of the past of each file is looked through: about a thousand lines. */
const PAST_BYTES = 512 * 1024;
/** So much of one file at one look; a proxy under full load writes less in that time. */
const LOOK_BYTES = 1024 * 1024;

/** Follows every file, also those of tasks that come later. */
export class LogTail {
  readonly #offsets = new Map<string, number>();
  #first = true;

  look(): RawLine[] {
    const lines = logFiles().flatMap((file) => {
      const size = sizeOf(file.path);
      const known = this.#offsets.get(file.path) ?? (this.#first ? Math.max(0, size - PAST_BYTES) : 0);
      const from = Math.max(known, size - LOOK_BYTES);
      const { lines: found, next } = linesAfter(file.path, from);
      this.#offsets.set(file.path, next);
      // What begins in the middle of a line is no line.
      return (from > known || (from > 0 && known === from && this.#first) ? found.slice(1) : found).map(
        ({ offset, text }) => ({ file, offset, text }),
      );
    });
    this.#first = false;
    return lines;
  }
}
