/** `highlands logs`. */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pc from 'picocolors';
import { loggedTasks, tasksOf } from '../task-files.ts';

export interface LogOptions {
  readonly follow: boolean;
  readonly envoy: boolean;
  readonly container?: string;
  readonly tail: number;
}

const SIDECAR = 'ecs-service-connect';
const COLOURS = [pc.cyan, pc.green, pc.magenta, pc.yellow, pc.blue];
const FOLLOW_EVERY_MS = 200;

interface LogFile {
  readonly path: string;
  readonly label: string;
}

function filesOf(service: string, options: LogOptions): LogFile[] {
  return tasksOf(loggedTasks(), service).flatMap((task, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? pc.white;
    return readdirSync(task.logDirectory)
      .filter((name) => name.endsWith('.log'))
      .map((name) => ({ container: basename(name, '.log'), path: join(task.logDirectory, name) }))
      .filter(
        ({ container }) =>
          (options.container === undefined || container === options.container) &&
          (!options.envoy || container === SIDECAR),
      )
      .map(({ container, path }) => ({ path, label: colour(`${task.taskId.slice(0, 8)} ${container}`) }));
  });
}

/** When a line says it was written; the proxies' warnings and the applications' lines have different forms. */
function timeOf(line: string): string {
  return /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*/.exec(line)?.[0].replace(' ', 'T') ?? '';
}

export async function logs(service: string, options: LogOptions): Promise<void> {
  const files = filesOf(service, options);
  const offsets = new Map(files.map(({ path }) => [path, statSync(path).size]));
  const entries = files.flatMap(({ path, label }) => {
    let time = '';
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        time = timeOf(line) || time;
        return { time, text: `${label} ${line}` };
      });
  });
  entries.sort((a, b) => a.time.localeCompare(b.time));
  for (const { text } of options.tail === 0 ? [] : entries.slice(-options.tail)) console.log(text);
  while (options.follow) {
    await setTimeout(FOLLOW_EVERY_MS);
    for (const file of filesOf(service, options)) offsets.set(file.path, printFrom(file, offsets.get(file.path) ?? 0));
  }
}

/** Prints the whole lines after an offset; returns the offset after them. */
function printFrom({ path, label }: LogFile, offset: number): number {
  if (!existsSync(path)) return offset;
  const length = statSync(path).size - offset;
  if (length <= 0) return offset;
  const chunk = Buffer.alloc(length);
  const file = openSync(path, 'r');
  readSync(file, chunk, 0, length, offset);
  closeSync(file);
  const end = chunk.lastIndexOf('\n');
  for (const line of end < 0 ? [] : chunk.subarray(0, end).toString().split('\n')) console.log(`${label} ${line}`);
  return offset + end + 1;
}
