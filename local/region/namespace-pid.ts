/** Whose network a name leads into. */
import { Complaint } from './complaint.ts';
import { places } from './places.ts';
import { runningTasks, tasksOf, type TaskFile } from './tasks.ts';

/** The oldest that serves; one that is on its way out only where there is no other. */
function entered(tasks: readonly TaskFile[]): TaskFile | undefined {
  const open = tasks.filter(({ pausePid }) => pausePid !== undefined);
  return open.find(({ wanted }) => wanted) ?? open[0];
}

/** The task that a name leads into; undefined for a place that is none, and before there is one. */
export const taskEntered = (name: string): TaskFile | undefined =>
  places()[name] === undefined ? entered(tasksOf(runningTasks(), name)) : undefined;

/** The process that holds the namespaces of a task or a place. @throws Complaint when it is not known */
export function namespacePid(name: string): number {
  const pid = places()[name] ?? entered(tasksOf(runningTasks(), name))?.pausePid;
  if (pid === undefined) throw new Complaint(`no task of ${name} has a network yet: try again in a moment`);
  return pid;
}
