/** `highlands exec`: a command of this machine in a task's network, with the task's names. */
import { spawnSync } from 'node:child_process';
import { Complaint, requireRegion } from '../region/region-file.ts';
import { runningTasks, tasksOf } from '../task-files.ts';

export function exec(name: string, given: readonly string[]): void {
  // `exec service-a -- curl` and `exec service-a curl` mean the same.
  const command = given[0] === '--' ? given.slice(1) : given;
  const { agentPid } = requireRegion();
  const task = tasksOf(runningTasks(), name).find(({ pausePid }) => pausePid !== undefined);
  if (task?.pausePid === undefined || agentPid === undefined)
    throw new Complaint(`no task of ${name} has a network yet: try again in a moment`);
  const user = process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials'];
  // Into the agent's namespaces first: only there is the task's process id what the agent wrote down.
  const enter = [
    '-t',
    String(agentPid),
    ...user,
    '-m',
    '-p',
    '--',
    'nsenter',
    '-t',
    String(task.pausePid),
    '-n',
    '-m',
    '--',
    ...command,
  ];
  const { status } = spawnSync('nsenter', enter, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
