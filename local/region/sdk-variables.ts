/** What a command that goes into a task finds in its environment, as a session of ECS Exec finds that of the container. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RUN } from './paths.ts';
import type { TaskFile } from './tasks.ts';

const Config = z.object({ process: z.object({ env: z.array(z.string()) }) });
/** Those by which an SDK knows its Region, its endpoint and its credentials; all others are the command's own. */
const OF_SDK = /^(?:AWS|ECS)_/;

/**
 * @param task undefined for a place that is no task
 * @returns the caller's environment, but for what would let an SDK take the caller's own credentials into the task
 */
export function sdkVariables(
  task: Pick<TaskFile, 'taskId'> | undefined,
  own: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  if (task === undefined) return { ...own };
  const kept = Object.entries(own).filter(([name]) => !OF_SDK.test(name));
  const given = environmentOf(join(RUN, 'task', task.taskId)).filter((pair) => OF_SDK.test(pair));
  const pairs = given.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  return Object.fromEntries([...kept, ...pairs]);
}

/**
 * Of the task's first container, as its runtime was told; empty before it has one. They are numbered, and one that is stood
 * in for, as a collector, has no configuration.
 */
function environmentOf(directory: string): string[] {
  const numbered = namesIn(directory).filter((name) => /^\d+$/.test(name));
  for (const name of numbered.sort((one, other) => Number(one) - Number(other))) {
    try {
      return Config.parse(JSON.parse(readFileSync(join(directory, name, 'config.json'), 'utf8'))).process.env;
    } catch {
      continue;
    }
  }
  return [];
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return []; // it has not begun, or is over
  }
}
