/** The region's processes, as the host sees them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN, STATE } from '../../local/region/paths.ts';
import { taskMountedIn } from '../region.ts';
import type { Victim } from './plan.ts';

export interface RegionProcess {
  readonly pid: number;
  readonly kind: Victim;
  /** The task that it belongs to, if any. */
  readonly taskId: string | undefined;
  /** Its environment. */
  readonly variables: ReadonlyMap<string, string>;
}

const TASK_DIRECTORY = join(RUN, 'task/');

function taskIn(path: string): string | undefined {
  const start = path.indexOf(TASK_DIRECTORY);
  return start < 0 ? undefined : path.slice(start + TASK_DIRECTORY.length).split('/')[0];
}

function look(pid: number, regionId: string): RegionProcess | undefined {
  try {
    const read = (name: string): string[] => readFileSync(`/proc/${String(pid)}/${name}`, 'utf8').split('\0');
    const command = read('cmdline');
    // A process that ended has no command line.
    if (command.join('') === '') return undefined;
    const variables = new Map(
      read('environ').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)] as const),
    );
    // A container has an environment of its own.
    const taskId = variables.has('HIGHLANDS_REGION_ID') ? undefined : taskMountedIn(pid, STATE);
    if (taskId !== undefined) return { pid, kind: 'application', taskId, variables };
    if (variables.get('HIGHLANDS_REGION_ID') !== regionId) return undefined;
    const kind = kindOf(command);
    return kind === undefined ? undefined : { pid, kind, taskId: taskIn(command.join(' ')), variables };
  } catch {
    return undefined; // it ended while it was looked at
  }
}

function kindOf(command: readonly string[]): Victim | undefined {
  const [program = ''] = command;
  if (program.endsWith('/node') && command.some((word) => /\/agent(\.mjs|\/main\.ts)$/.test(word))) return 'agent';
  if (command.includes('highlands_control_plane')) return 'control plane';
  if (program.endsWith('/envoy')) return 'Envoy';
  if (program === 'sleep' && command.includes('infinity')) return 'pause';
  return undefined;
}

export function processes(regionId: string): RegionProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => look(Number(name), regionId) ?? []);
}
