/** Opens the way in from the host to a load balancer. */
import { join } from 'node:path';
import { doorInside, doorOutside, type FrontDoor } from '../core/envoy/front-door.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import type { VpcRouter } from './vpc-router.ts';

/** A client's public address as the load balancer sees it: from the block for documentation, RFC 5737. */
const CLIENT_ADDRESS = '203.0.113.10';
const INTERNET_GATEWAY = '203.0.113.1';

export interface FrontDoorSettings {
  readonly router: VpcRouter;
  readonly envoyPath: string;
  readonly directory: string;
  readonly socketDirectory: string;
  readonly logFile: string;
  readonly listen: FrontDoor['listen'];
  readonly upstream: FrontDoor['upstream'];
}

export async function openFrontDoor(settings: FrontDoorSettings): Promise<void> {
  const internet = await NamespaceHolder.start();
  await settings.router.attach(internet, [CLIENT_ADDRESS], INTERNET_GATEWAY);
  const socket = (name: string): string => join(settings.socketDirectory, name);
  const door: FrontDoor = {
    listen: settings.listen,
    upstream: settings.upstream,
    socketPath: socket('door'),
    insideAdmin: socket('door-inside.sock'),
    outsideAdmin: socket('door-outside.sock'),
  };
  // The inner side makes the socket, so it comes first.
  const sides = [
    { name: 'inside', holder: internet, config: doorInside(door), adminSocket: door.insideAdmin },
    { name: 'outside', holder: undefined, config: doorOutside(door), adminSocket: door.outsideAdmin },
  ];
  for (const { name, holder, config, adminSocket } of sides) {
    const configFile = join(settings.directory, `front-door-${name}.json`);
    const files = { binary: settings.envoyPath, configFile, adminSocket, logFile: settings.logFile };
    await (await EnvoyProcess.start(holder, files, config)).ready();
  }
}
