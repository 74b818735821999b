/** How a command gets into the agent's namespaces: only there are process ids what the agent wrote down. */
import { Complaint } from './complaint.ts';
import type { Region } from './region-file.ts';

/** The whole command line. @throws Complaint while there is no agent */
export function enterAgent({ holderPid }: Region, command: readonly string[]): string[] {
  if (holderPid === undefined) throw new Complaint('the agent is just starting: try again in a moment');
  const user = process.getuid?.() === 0 ? [] : ['-U', '--preserve-credentials'];
  return ['nsenter', '-t', String(holderPid), ...user, '-m', '-p', '--', ...command];
}

/** The whole command line for a command inside a namespace that the agent made: it gets no rights that it is not started with. */
export function enterNamespace(region: Region, pausePid: number, command: readonly string[]): string[] {
  const within = ['nsenter', '-t', String(pausePid), '-n', '-m', '--', 'setpriv', '--no-new-privs'];
  return enterAgent(region, [...within, ...command]);
}
