/** The namespaces in which everything runs that the agent starts; they outlive the agent. */
import { isAlive } from '../region/region-file.ts';
import { onlyChildOf, ready, startChild } from './child.ts';

/** The process that holds them, as the host sees it. */
let holderPid: number | undefined;

/**
 * Their first process does nothing but reap what ends in them without a parent, also when what it waits for is killed.
 * @returns its pid, as the host sees it; the same one as long as it lives
 * @throws Error when they end at once
 */
export async function holdNamespaces(rootless: boolean): Promise<number> {
  if (holderPid !== undefined && isAlive(holderPid)) return holderPid;
  const user = rootless ? ['-U', '-r'] : [];
  const namespaces = [...user, '-m', '-p', '--fork', '--kill-child=KILL', '--mount-proc', '--propagation', 'private'];
  const hold = 'echo ready; while :; do sleep infinity & wait "$!"; done';
  const child = startChild('agent', ['unshare', ...namespaces, '--', 'sh', '-c', hold]);
  await ready('agent', child);
  holderPid = onlyChildOf(child.pid);
  if (holderPid === undefined) throw new Error('the namespaces of the region ended at once');
  return holderPid;
}
