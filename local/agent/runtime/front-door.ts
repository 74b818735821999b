/** Opens the way in from the host to a load balancer. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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
  readonly upstreams: FrontDoor['upstreams'];
}

export class FrontDoorProcess {
  readonly #settings: FrontDoorSettings;
  readonly #internet: NamespaceHolder;
  readonly #sides: readonly EnvoyProcess[];

  private constructor(settings: FrontDoorSettings, internet: NamespaceHolder, sides: readonly EnvoyProcess[]) {
    this.#settings = settings;
    this.#internet = internet;
    this.#sides = sides;
  }

  static async open(settings: FrontDoorSettings): Promise<FrontDoorProcess> {
    const internet = await NamespaceHolder.start();
    await settings.router.attach(internet, [CLIENT_ADDRESS], INTERNET_GATEWAY);
    const socket = (name: string): string => join(settings.socketDirectory, name);
    const door: FrontDoor = {
      listen: settings.listen,
      upstreams: settings.upstreams,
      socketPath: socket('door'),
      insideAdmin: socket('door-inside.sock'),
      outsideAdmin: socket('door-outside.sock'),
    };
    // The inner side makes the socket, so it comes first.
    const sides = [
      { name: 'inside', holder: internet, config: doorInside(door), adminSocket: door.insideAdmin },
      { name: 'outside', holder: undefined, config: doorOutside(door), adminSocket: door.outsideAdmin },
    ];
    const started: EnvoyProcess[] = [];
    for (const { name, holder, config, adminSocket } of sides) {
      const configFile = join(settings.directory, `front-door-${name}.json`);
      const files = { binary: settings.envoyPath, configFile, adminSocket, logFile: settings.logFile };
      const side = await EnvoyProcess.start(holder, files, config);
      await side.ready();
      started.push(side);
    }
    return new FrontDoorProcess(settings, internet, started);
  }

  /** Whether it is open, and to there. */
  leadsTo(upstreams: FrontDoor['upstreams']): boolean {
    return (
      isDeepStrictEqual(upstreams, this.#settings.upstreams) && this.#sides.every(({ process }) => process.running)
    );
  }

  /** The client's own namespace, outside of the VPC. */
  get internet(): NamespaceHolder {
    return this.#internet;
  }

  async close(): Promise<void> {
    await Promise.all(this.#sides.map((side) => side.stop()));
    this.#internet.stop();
    await this.#settings.router.detach([CLIENT_ADDRESS]);
    await rm(join(this.#settings.socketDirectory, 'door'), { force: true });
  }
}
