/** Something on this machine's loopback for tasks to reach, where the machine lets a region open a way out. */
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOST_NAME } from '../../local/region/outside.ts';

export const SAID = 'from the loopback of this machine';

/** A machine, or a container, may have no such device for its user: then nothing opens one. */
export function mayOpenAWayOut(): boolean {
  try {
    closeSync(openSync('/dev/net/tun', 'r+'));
    return true;
  } catch {
    return false;
  }
}

/** @param act with the address at which a task would ask for it */
export async function withLoopback(act: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.end(SAID)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await act(`http://${HOST_NAME}:${String((server.address() as AddressInfo).port)}/`);
  } finally {
    server.close();
  }
}
