/** Where this machine reaches the load balancers, as the agent writes it down. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RUN } from './paths.ts';
import { AGAIN, readJson } from './read-json.ts';

const PublicListener = z.object({
  loadBalancerArn: z.string(),
  loadBalancerName: z.string(),
  port: z.number(),
  protocol: z.string(),
});
export type PublicListener = Readonly<z.infer<typeof PublicListener>>;

/** Which port leads where. Below the directory of the running region. */
export const DOORS_FILE = 'front-doors.json';
const DoorPort = PublicListener.extend({ localPort: z.number() });
export type DoorPort = Readonly<z.infer<typeof DoorPort>>;
export const DoorPorts = z.array(DoorPort);

/** The certificate of who signs for HTTPS listeners, in the same directory. */
export const PUBLIC_AUTHORITY_FILE = 'tls/public-authority.pem';

export function frontDoors(): DoorPort[] {
  const file = join(RUN, DOORS_FILE);
  return existsSync(file) ? readJson(file, DoorPorts, AGAIN) : [];
}

/** The address of a listener on this machine. */
function doorUrl({ protocol, localPort }: DoorPort): string {
  // A listener of bytes has no path, and what it speaks is its application's own.
  if (!protocol.startsWith('HTTP')) return `localhost:${String(localPort)} (${protocol})`;
  return `${protocol.toLowerCase()}://localhost:${String(localPort)}/`;
}

/** Arguments of curl for a listener: an HTTPS one shows a certificate of the region's own authority. */
export function curlArguments(door: DoorPort, pathAndQuery: string): string[] {
  const url = doorUrl(door) + pathAndQuery;
  return door.protocol === 'HTTPS' ? ['--cacert', join(RUN, PUBLIC_AUTHORITY_FILE), url] : [url];
}

/** Where the first load balancer of HTTP takes requests: by HTTPS if it can, since HTTP then only redirects. */
export function mainDoor(doors: readonly DoorPort[]): DoorPort | undefined {
  const [first, ...others] = doors.filter(({ protocol }) => protocol.startsWith('HTTP'));
  if (first === undefined) return undefined;
  const own = [first, ...others.filter(({ loadBalancerArn }) => loadBalancerArn === first.loadBalancerArn)];
  return own.find(({ protocol }) => protocol === 'HTTPS') ?? own[0];
}

/** Rows of the table of load balancers: which listener, and how to reach it. */
export function doorRows(doors: readonly DoorPort[]): string[][] {
  return doors.map((door) => [door.loadBalancerName, String(door.port), doorUrl(door)]);
}
