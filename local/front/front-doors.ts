/** Where this machine reaches the load balancers, as the agent wrote it down. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DoorPorts, DOORS_FILE, type DoorPort } from '../agent/core/front-door-ports.ts';
import { RUN } from './region/paths.ts';

export function frontDoors(): DoorPort[] {
  const file = join(RUN, DOORS_FILE);
  return existsSync(file) ? DoorPorts.parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/** The address of a listener on this machine. */
export function doorUrl({ protocol, localPort }: DoorPort): string {
  return `${protocol.toLowerCase()}://localhost:${String(localPort)}/`;
}

/** Rows of the table of load balancers: which listener, and how to reach it. */
export function doorRows(doors: readonly DoorPort[]): string[][] {
  return doors.map((door) => [door.loadBalancerName, String(door.port), doorUrl(door)]);
}
