/** Whether the processes and interfaces of the machine are those of the region's tasks. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@aws-sdk/client-ecs';
import { RUN } from '../../local/region/paths.ts';
import { places } from '../../local/region/places.ts';
import type { Region } from '../../local/region/region-file.ts';
import { count, idOf, same, type Expected } from './differences.ts';
import { processes } from './processes.ts';

/** Every task runs, and nothing runs that is no task's, no load balancer's and no door's. */
export function running({ regionId }: Region, tasks: readonly Task[], { version }: Expected): string[] {
  const found = processes(regionId);
  const of = (kind: string) => found.filter((one) => one.kind === kind);
  const ids = tasks.map(({ taskArn }) => idOf(taskArn));
  const known = new Map(tasks.map((task) => [idOf(task.taskArn), task]));
  const nodes = Object.keys(places());
  const taskIds = (kind: string) => of(kind).flatMap(({ taskId }) => taskId ?? []);
  const versions = of('application').filter(
    ({ taskId, variables }) =>
      known.get(taskId ?? '')?.group?.includes('ServiceB') === true &&
      version !== undefined &&
      variables.get(version[0]) !== version[1],
  );
  const router = of('pause').find(({ pid }) => interfacesOf(pid).length > 0);
  const directory = (name: string): string[] => (existsSync(join(RUN, name)) ? readdirSync(join(RUN, name)) : []);
  return [
    of('agent').length === 1 ? '' : `${String(of('agent').length)} agents`,
    of('control plane').length === 1 ? '' : `${String(of('control plane').length)} control planes`,
    ...same('applications of tasks', taskIds('application'), ids),
    ...same('sidecars of tasks', taskIds('Envoy'), ids),
    ...same('run directories', directory('task'), ids),
    ...same(
      'task files',
      directory('tasks'),
      ids.map((id) => `${id}.json`),
    ),
    // Each node of the load balancer has an Envoy; the door, which is one of the places, has two on each side.
    count(
      'Envoys that are no sidecars',
      of('Envoy').filter(({ taskId }) => taskId === undefined).length,
      nodes.length + 3,
    ),
    // Of every task, of every place, of the VPC's router, and of the region.
    count('pause processes', of('pause').length, ids.length + nodes.length + 2),
    count(
      'interfaces of the router',
      router === undefined ? 0 : interfacesOf(router.pid).length,
      ids.length + nodes.length,
    ),
    versions.length === 0 ? '' : `${String(versions.length)} tasks of service-b do not run ${String(version?.[1])}`,
  ].filter((text) => text !== '');
}

/** The router's side of every task's and node's interface. */
function interfacesOf(pid: number): string[] {
  try {
    const user = process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials'];
    const command = ['-t', String(pid), ...user, '-n', 'ip', '-o', 'link'];
    const text = execFileSync('nsenter', command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...text.matchAll(/^\d+: (eni\d+)@/gm)].map(([, name]) => name ?? '');
  } catch {
    return []; // it ended while it was looked at
  }
}
