/** `highlands exec`: a command of this machine in a task's network, with the task's names. */
import { spawnSync } from 'node:child_process';
import { enterNamespace } from '../../region/enter-agent.ts';
import { Complaint } from '../../region/complaint.ts';
import { requireRegion } from '../../region/region-file.ts';
import { places } from '../../region/places.ts';
import { runningTasks, tasksOf, type TaskFile } from '../../region/tasks.ts';

/** The oldest that serves; one that is on its way out only where there is no other. */
function entered(tasks: readonly TaskFile[]): TaskFile | undefined {
  const open = tasks.filter(({ pausePid }) => pausePid !== undefined);
  return open.find(({ wanted }) => wanted) ?? open[0];
}

/** The process that holds the namespaces of a task or a place. @throws Complaint when it is not known */
export function namespacePid(name: string): number {
  const pid = places()[name] ?? entered(tasksOf(runningTasks(), name))?.pausePid;
  if (pid === undefined) throw new Complaint(`no task of ${name} has a network yet: try again in a moment`);
  return pid;
}

export function exec(name: string, given: readonly string[]): void {
  // `exec service-a -- curl` and `exec service-a curl` mean the same.
  const command = given[0] === '--' ? given.slice(1) : given;
  const region = requireRegion();
  const [program = '', ...args] = enterNamespace(region, namespacePid(name), command);
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
