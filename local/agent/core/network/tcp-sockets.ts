/** The TCP and UDP sockets of a network namespace, as the kernel lists them: https://man7.org/linux/man-pages/man5/proc_pid_net.5.html */

/** `TCP_ESTABLISHED`, `TCP_LISTEN` and `TCP_CLOSE` of the kernel's `include/net/tcp_states.h`. */
const ESTABLISHED = '01';
const LISTEN = '0A';
const UNCONNECTED = '07';

/** Rows look like `0: 00000000:0BB8 00000000:0000 0A …`: local address and port in hexadecimal, remote ones, state. */
const ROW = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]+):[0-9A-F]{4} ([0-9A-F]{2})\b/gm;

const rowsIn = (text: string, wanted: string): { readonly port: string; readonly peer: string }[] =>
  [...text.matchAll(ROW)].flatMap(([, port = '', peer = '', state]) => (state === wanted ? [{ port, peer }] : []));

/** TCP ports that somebody listens to. */
export const listeningPorts = (text: string): Set<number> =>
  new Set(rowsIn(text, LISTEN).map(({ port }) => Number.parseInt(port, 16)));

/** UDP ports that somebody is bound to and takes from everybody: such a socket is called `TCP_CLOSE` there. */
export const boundPorts = (text: string): Set<number> =>
  new Set(rowsIn(text, UNCONNECTED).map(({ port }) => Number.parseInt(port, 16)));

/** The IPv4 addresses at the other ends of open connections, also those that an IPv6 socket has. */
export const connectedPeers = (text: string): Set<string> =>
  // The last 32 bits, the least significant byte first.
  new Set(rowsIn(text, ESTABLISHED).map(({ peer }) => [...Buffer.from(peer.slice(-8), 'hex')].reverse().join('.')));
