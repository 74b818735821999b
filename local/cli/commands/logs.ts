/** `highlands logs`. */
import { setTimeout } from 'node:timers/promises';
import pc from 'picocolors';
import { SIDECAR_NAME } from '../../region/sidecar-name.ts';
import { linesAfter, readCaptures, stateOf, timesOf } from '../../region/logs/log-lines.ts';
import { loggedTasks, logFilesOf, tasksOf } from '../../region/tasks.ts';

export interface LogOptions {
  readonly follow: boolean;
  readonly envoy: boolean;
  readonly container?: string;
  readonly tail: number;
}

const COLOURS = [pc.cyan, pc.green, pc.magenta, pc.yellow, pc.blue];
const FOLLOW_EVERY_MS = 200;

interface LogFile {
  readonly path: string;
  readonly label: string;
}

function filesOf(service: string, options: LogOptions): LogFile[] {
  return tasksOf(loggedTasks(), service).flatMap((task, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? pc.white;
    return logFilesOf(task)
      .filter(
        ({ container }) =>
          (options.container === undefined || container === options.container) &&
          (!options.envoy || container === SIDECAR_NAME),
      )
      .map(({ container, path }) => ({ path, label: colour(`${task.taskId.slice(0, 8)} ${container}`) }));
  });
}

export async function logs(service: string, options: LogOptions): Promise<void> {
  const files = filesOf(service, options);
  const offsets = new Map<string, number>();
  const entries = files.flatMap(({ path, label }) => {
    const { lines, next } = linesAfter(path, 0);
    offsets.set(path, next);
    const times = timesOf(lines, readCaptures(path), stateOf(path).changedAt);
    return lines.map(({ text }, index) => ({ at: times[index]?.at ?? 0, text: `${label} ${text}` }));
  });
  entries.sort((a, b) => a.at - b.at);
  for (const { text } of options.tail === 0 ? [] : entries.slice(-options.tail)) console.log(text);
  while (options.follow) {
    await setTimeout(FOLLOW_EVERY_MS);
    for (const file of filesOf(service, options)) offsets.set(file.path, printFrom(file, offsets.get(file.path) ?? 0));
  }
}

/** Prints the whole lines after an offset; returns the offset after them. */
function printFrom({ path, label }: LogFile, offset: number): number {
  const { lines, next } = linesAfter(path, offset);
  for (const { text } of lines) console.log(`${label} ${text}`);
  return next;
}
