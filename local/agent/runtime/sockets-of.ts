/** Waits for what the sockets of a task say, and ends some, from outside its network namespace. */
import { readFile } from 'node:fs/promises';
import pWaitFor, { TimeoutError } from 'p-wait-for';
import { boundPorts, connectedPeers, listeningPorts } from '../core/network/tcp-sockets.ts';
import type { NamespaceHolder } from './namespace-holder.ts';

/** As often as the first health checks of containers, see docs/adr/0008-faster-first-health-checks.md. */
const INTERVAL_MS = 100;

type Namespace = Pick<NamespaceHolder, 'pid'>;

/** A kernel without IPv6 has only the first, and a namespace that is gone has none. */
async function socketsOf({ pid }: Namespace, protocol: 'tcp' | 'udp' = 'tcp'): Promise<string> {
  const tables = [protocol, `${protocol}6`].map((name) =>
    readFile(`/proc/${String(pid)}/net/${name}`, 'utf8').catch(() => ''),
  );
  return (await Promise.all(tables)).join('');
}

/** @returns when somebody in the namespace listens to every port, by TCP or UDP, or the signal says to give up: an application may never do */
export async function listening(namespace: Namespace, ports: readonly number[], giveUp: AbortSignal): Promise<void> {
  const look = async (): Promise<boolean> => {
    if (giveUp.aborted) return true;
    const open = listeningPorts(await socketsOf(namespace));
    const bound = boundPorts(await socketsOf(namespace, 'udp'));
    return ports.every((port) => open.has(port) || bound.has(port));
  };
  await pWaitFor(look, { interval: INTERVAL_MS });
}

/** @returns when nobody at these IPv4 addresses has a connection into the namespace, or the time is over */
export async function disconnected(namespace: Namespace, peers: readonly string[], seconds: number): Promise<void> {
  if (seconds === 0) return;
  const look = async (): Promise<boolean> => {
    const connected = connectedPeers(await socketsOf(namespace));
    return !peers.some((address) => connected.has(address));
  };
  try {
    await pWaitFor(look, { interval: INTERVAL_MS, timeout: seconds * 1000 });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
  }
}

/**
 * Ends every TCP connection of a namespace with these IPv4 addresses, as a reset would: https://man7.org/linux/man-pages/man8/ss.8.html
 * @throws Error on a kernel that does not do it; `ss` itself says nothing then
 */
export async function disconnect(
  holder: Pick<NamespaceHolder, 'pid' | 'enter'>,
  peers: readonly string[],
  run: (command: string, args: readonly string[]) => Promise<string>,
): Promise<void> {
  const filter = peers.flatMap((address, index) => [...(index === 0 ? [] : ['or']), 'dst', address]);
  const told = await run('nsenter', holder.enter(['ss', '-K', '-H', '-n', '-t', ...filter], false));
  const left = connectedPeers(await socketsOf(holder));
  // It lists what it ended.
  if (told.trim() === '' && peers.some((address) => left.has(address)))
    throw new Error(
      'this kernel ends no connections (CONFIG_INET_DIAG_DESTROY): who waits for an answer goes on waiting',
    );
}
