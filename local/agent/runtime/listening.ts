/** Waits for an application to listen, from outside its network namespace. */
import { readFile } from 'node:fs/promises';
import pWaitFor from 'p-wait-for';
import { listeningPorts } from '../core/network/listening-ports.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

/** As often as the first health checks of containers, see docs/adr/0008-faster-first-health-checks.md. */
const INTERVAL_MS = 100;

/** @returns when somebody in the namespace listens to every port, or the signal says to give up: an application may never do */
export async function listening(
  { pid }: Pick<NamespaceHolder, 'pid'>,
  ports: readonly number[],
  giveUp: AbortSignal,
): Promise<void> {
  const look = async (): Promise<boolean> => {
    if (giveUp.aborted) return true;
    // A kernel without IPv6 has only the first.
    const tables = ['tcp', 'tcp6'].map((name) => readFile(`/proc/${String(pid)}/net/${name}`, 'utf8').catch(() => ''));
    const open = listeningPorts((await Promise.all(tables)).join(''));
    return ports.every((port) => open.has(port));
  };
  await pWaitFor(look, { interval: INTERVAL_MS });
}
