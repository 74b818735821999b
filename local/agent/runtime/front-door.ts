/** The way in from the host to the load balancers of one VPC. */
import { join } from 'node:path';
import { doorBootstrap, doorsInside, doorsOutside, type Door } from '../core/envoy/front-door.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import { EnvoyProcess } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import { TakeUp } from './take-up.ts';
import type { VpcRouter } from './vpc-router.ts';

/** A client's public address as the load balancer sees it: from the block for documentation, RFC 5737. */
const CLIENT_ADDRESS = '203.0.113.10';
const INTERNET_GATEWAY = '203.0.113.1';

export interface FrontDoorSettings {
  readonly router: VpcRouter;
  readonly envoyPath: string;
  readonly directory: string;
  /** Beginning of the paths of the admin sockets. */
  readonly socketPrefix: string;
  readonly logFile: string;
  /** When a side refuses its configuration, or takes it again. */
  readonly onChange: () => void;
}

export class FrontDoorProcess {
  readonly #settings: FrontDoorSettings;
  /** The client's own namespace, outside of the VPC. */
  readonly internet: NamespaceHolder;
  readonly #files: { readonly inside: DiscoveryFiles; readonly outside: DiscoveryFiles };
  readonly #sides: EnvoyProcess[] = [];
  readonly #takeUps = new Map<'inside' | 'outside', TakeUp>();

  private constructor(settings: FrontDoorSettings, internet: NamespaceHolder) {
    this.#settings = settings;
    this.internet = internet;
    const files = (side: string) => new DiscoveryFiles(join(settings.directory, side));
    this.#files = { inside: files('inside'), outside: files('outside') };
  }

  static async open(settings: FrontDoorSettings, doors: readonly Door[]): Promise<FrontDoorProcess> {
    const internet = await NamespaceHolder.start();
    const door = new FrontDoorProcess(settings, internet);
    try {
      await settings.router.attach(internet, [CLIENT_ADDRESS], INTERNET_GATEWAY);
      await door.lead(doors);
      // The inner side makes the sockets, so it comes first.
      await door.#start('inside', internet);
      await door.#start('outside', undefined);
      return door;
    } catch (error) {
      // Half a door is none: the next pass opens another.
      await door.close();
      throw error;
    }
  }

  async #start(side: 'inside' | 'outside', holder: NamespaceHolder | undefined): Promise<void> {
    const { directory, envoyPath, logFile, socketPrefix } = this.#settings;
    const adminSocket = `${socketPrefix}-${side}.sock`;
    const files = { binary: envoyPath, configFile: join(directory, `${side}.json`), adminSocket, logFile };
    const envoy = await EnvoyProcess.start(holder, files, doorBootstrap(adminSocket, join(directory, side)));
    this.#sides.push(envoy);
    await envoy.ready();
    this.#takeUps.set(side, new TakeUp(envoy, logFile, this.#settings.onChange));
  }

  get running(): boolean {
    return this.internet.running && this.#sides.every(({ process }) => process.running);
  }

  /** Takes up other doors without a restart; inside first, for it makes the sockets. */
  async lead(doors: readonly Door[]): Promise<void> {
    const resources = { inside: doorsInside(doors), outside: doorsOutside(doors) };
    for (const side of ['inside', 'outside'] as const)
      if (await this.#files[side].write(resources[side])) void this.#takeUps.get(side)?.look(resources[side]);
  }

  /** Why a side refused what it was given last. */
  get refusal(): string | undefined {
    return [...this.#takeUps.values()].map(({ refusal }) => refusal).find((reason) => reason !== undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sides.map((side) => side.stop()));
    this.internet.stop();
    await this.#settings.router.detach([CLIENT_ADDRESS]);
  }
}
