/** TCP ports that somebody listens to, as the kernel lists sockets: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */

/** `TCP_LISTEN` of the kernel's `include/net/tcp_states.h`. */
const LISTEN = '0A';

/** Rows look like `0: 00000000:0BB8 00000000:0000 0A …`: local address and port in hexadecimal, remote ones, state. */
export function listeningPorts(text: string): Set<number> {
  const rows = [...text.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2})\b/gm)];
  return new Set(rows.filter(([, , state]) => state === LISTEN).map(([, port = '']) => Number.parseInt(port, 16)));
}
