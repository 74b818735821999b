/** The user that a task's proxy runs as. */
import ipaddr from 'ipaddr.js';
import type { Tools } from './container-command.ts';

/** Above every user of a usual system: 65,534 is nobody, and systemd's dynamic users end before it. */
const FIRST_ID = 200_000;

/**
 * A user of its own for each proxy, as Service Connect's runs as a user that no container has. The kernel counts inotify
 * instances by user, 128 by default, and Envoy takes one for each file that it watches: about as many as there are names.
 * https://man7.org/linux/man-pages/man7/inotify.7.html, "/proc/sys/fs/inotify/max_user_instances"
 */
export function proxyUserId(address: string): number {
  const [, , high = 0, low = 0] = ipaddr.IPv4.parse(address).octets;
  return FIRST_ID + high * 256 + low;
}

/** A command as that user. Of root's rights it keeps the one to read and write the agent's files. */
export function asProxyUser(id: number, command: readonly string[], { setpriv }: Pick<Tools, 'setpriv'>): string[] {
  const capabilities = '-all,+dac_override';
  return [
    ...[setpriv, `--reuid=${String(id)}`, `--regid=${String(id)}`, '--clear-groups', '--no-new-privs'],
    ...[`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`, `--bounding-set=${capabilities}`],
    ...['--', ...command],
  ];
}
