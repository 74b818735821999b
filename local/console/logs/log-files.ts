/** The log files of all tasks of this run, and what came to them since the last look. */
import { linesAfter, readCaptures, stateOf, timesOf } from '../../region/logs/log-lines.ts';
import { loggedTasks, logFilesOf } from '../../region/tasks.ts';

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
  /** Unique in its file, also when that started over. */
  readonly id: string;
  /** Epoch milliseconds by its own words, if it has any. */
  readonly time: number | undefined;
  /** Its time, else that of the line before it: a stack trace stays together. */
  readonly at: number;
  readonly text: string;
}

function logFiles(): LogFile[] {
  return loggedTasks().flatMap((task) => {
    const { taskId, zone, serviceName } = task;
    return logFilesOf(task).map((file) => ({ ...file, taskId, zone, serviceName }));
  });
}

/** So much of the past of each file is looked through: about a thousand lines. */
const PAST_BYTES = 512 * 1024;
/** So much of one file at one look; a proxy under full load writes less in that time. */
const LOOK_BYTES = 1024 * 1024;

interface Read {
  /** Offset of what comes next. */
  readonly next: number;
  /** How often the file started over. */
  readonly generation: number;
  /** Time of the last line. */
  readonly at: number;
}

/** Follows every file, also those of tasks that come later. */
export class LogTail {
  readonly #files: () => LogFile[];
  readonly #read = new Map<string, Read>();
  #first = true;

  constructor(files: () => LogFile[] = logFiles) {
    this.#files = files;
  }

  look(): RawLine[] {
    const lines = this.#files().flatMap((file) => this.#linesOf(file));
    this.#first = false;
    return lines;
  }

  #linesOf(file: LogFile): RawLine[] {
    const { size, changedAt } = stateOf(file.path);
    const before = this.#read.get(file.path);
    // Somebody emptied it.
    const startedOver = before !== undefined && size < before.next;
    const generation = (before?.generation ?? 0) + (startedOver ? 1 : 0);
    const known = before?.next ?? (this.#first ? Math.max(0, size - PAST_BYTES) : 0);
    const from = Math.max(known, size - LOOK_BYTES);
    const { lines, next } = linesAfter(file.path, from);
    // What begins in the middle of a line is no line.
    const inTheMiddle = from > known || (from > 0 && before === undefined && this.#first);
    const found = inTheMiddle ? lines.slice(1) : lines;
    const times = timesOf(found, found.length === 0 ? [] : readCaptures(file.path), changedAt, before?.at);
    const raw = found.map(({ offset, text }, index) => ({
      ...{ file, id: `${String(generation)}.${String(offset)}`, text },
      time: times[index]?.own,
      at: times[index]?.at ?? changedAt,
    }));
    const at = raw.at(-1)?.at ?? before?.at ?? changedAt;
    this.#read.set(file.path, { next, generation, at });
    return raw;
  }
}
