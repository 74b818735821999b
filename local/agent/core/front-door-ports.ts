/** Which port of this machine leads to which listener of which load balancer. */
import type { DoorPort, PublicListener } from '../../region/doors.ts';

const keyOf = ({ loadBalancerArn, port }: PublicListener): string => `${loadBalancerArn} ${String(port)}`;

/**
 * Every listener keeps the port that it has; a new one gets the first from `base` on that is neither given away nor
 * somebody else's on this machine. The base itself is what the user asked for, and is not asked about.
 * @throws Error when there is none
 */
export function assignDoorPorts(
  wanted: readonly PublicListener[],
  before: readonly DoorPort[],
  base: number,
  isFree: (port: number) => boolean,
): DoorPort[] {
  const kept = new Map(before.map((door) => [keyOf(door), door.localPort]));
  const taken = new Set(wanted.flatMap((listener) => kept.get(keyOf(listener)) ?? []));
  return wanted.map((listener) => {
    const localPort = kept.get(keyOf(listener)) ?? nextPort(base, taken, isFree);
    taken.add(localPort);
    return { ...listener, localPort };
  });
}

function nextPort(base: number, taken: ReadonlySet<number>, isFree: (port: number) => boolean): number {
  for (let port = base; port <= 65_535; port++) {
    if (!taken.has(port) && (port === base || isFree(port))) return port;
  }
  throw new Error(`no free port from ${String(base)} up for another listener: choose a lower one with --port`);
}
