/** The two ends of an interface that a router leads to, as `ip -batch` makes them: https://man7.org/linux/man-pages/man8/ip.8.html */

export interface InterfacePair {
  /** Of the router's end. */
  readonly name: string;
  /** Of the other end, before it is `eth0` in its own namespace. */
  readonly inner: string;
  readonly addresses: readonly string[];
  /** The subnet's router address. */
  readonly gateway: string;
}

/** @param pid of a process in the namespace that gets the other end */
export const routersEnd = ({ name, inner, addresses, gateway }: InterfacePair, pid: number): string =>
  [
    `link add ${name} type veth peer name ${inner}`,
    `link set ${inner} netns ${String(pid)}`,
    // Every subnet's router address is local here, so ARP for it is answered on any interface.
    `addr replace ${gateway}/32 dev lo`,
    `link set ${name} up`,
    ...addresses.map((address) => `route add ${address}/32 dev ${name}`),
    '',
  ].join('\n');

export const holdersEnd = ({ inner, addresses, gateway }: InterfacePair): string =>
  [
    'link set lo up',
    `link set ${inner} name eth0`,
    ...addresses.map((address) => `addr add ${address}/32 dev eth0`),
    'link set eth0 up',
    `route add ${gateway} dev eth0`,
    `route add default via ${gateway} dev eth0 src ${addresses[0] ?? ''}`,
    '',
  ].join('\n');
