/** The way in from the host to the load balancers of one VPC. */
import { join } from 'node:path';
import { doorBootstrap, doorsInside, doorsOutside, TWINS, type Door } from '../core/envoy/front-door.ts';
import type { ProxyResources } from '../core/envoy/discovery-response.ts';
import type { FormerDoor } from '../core/ledger.ts';
import { DiscoveryFiles } from './discovery-files.ts';
import { EnvoyProcess, type EnvoyFiles } from './envoy-process.ts';
import { NamespaceHolder } from './namespace-holder.ts';
import { TakeUp } from './take-up.ts';
import type { VpcRouter } from './vpc-router.ts';

/** A client's public address as the load balancer sees it: from the block for documentation, RFC 5737. */
export const CLIENT_ADDRESS = '203.0.113.10';
const INTERNET_GATEWAY = '203.0.113.1';

export interface FrontDoorSettings {
  readonly router: VpcRouter;
  readonly envoyPath: string;
  readonly directory: string;
  /** Beginning of the paths of the admin sockets. */
  readonly socketPrefix: string;
  readonly logFile: string;
  /** When a proxy ended, refuses its configuration, or takes it again. */
  readonly onChange: () => void;
}

/** One of the proxies of a door. The inner ones make the sockets, so they come first. */
interface Side {
  readonly name: string;
  readonly inside: boolean;
  readonly files: DiscoveryFiles;
  readonly resources: (doors: readonly Door[]) => ProxyResources;
  running?: { readonly envoy: EnvoyProcess; readonly takeUp: TakeUp } | undefined;
}

export class FrontDoorProcess {
  readonly #settings: FrontDoorSettings;
  /** The client's own namespace, outside of the VPC. */
  readonly internet: NamespaceHolder;
  readonly #sides: readonly Side[];

  private constructor(settings: FrontDoorSettings, internet: NamespaceHolder) {
    this.#settings = settings;
    this.internet = internet;
    const files = (name: string) => new DiscoveryFiles(join(settings.directory, name));
    this.#sides = [
      ...TWINS.map((twin) => ({
        name: `inside-${twin}`,
        inside: true,
        files: files(`inside-${twin}`),
        resources: (doors: readonly Door[]) => doorsInside(doors, twin),
      })),
      ...TWINS.map((twin) => ({
        name: `outside-${twin}`,
        inside: false,
        files: files(`outside-${twin}`),
        resources: doorsOutside,
      })),
    ];
  }

  static async open(settings: FrontDoorSettings, doors: readonly Door[]): Promise<FrontDoorProcess> {
    const internet = await NamespaceHolder.start();
    const door = new FrontDoorProcess(settings, internet);
    try {
      await settings.router.attach(internet, [CLIENT_ADDRESS], INTERNET_GATEWAY);
      await door.lead(doors);
      return door;
    } catch (error) {
      // Half a door is none: the next pass opens another.
      await door.close();
      throw error;
    }
  }

  /** Takes over one that another agent opened; a proxy of it that ended is started again as any other. */
  static adopt(settings: FrontDoorSettings, { internet, sides }: FormerDoor): FrontDoorProcess {
    const door = new FrontDoorProcess(settings, NamespaceHolder.adopt(internet));
    for (const side of door.#sides) {
      const identity = sides[side.name];
      if (identity !== undefined) door.#keep(side, EnvoyProcess.adopt(door.#filesOf(side), identity));
    }
    return door;
  }

  /** What another agent needs to take it over. */
  ledger(vpcId: string): FormerDoor {
    const sides = this.#sides.flatMap(({ name, running }) =>
      running === undefined ? [] : [[name, running.envoy.process.identity] as const],
    );
    return { vpcId, internet: this.internet.identity, sides: Object.fromEntries(sides) };
  }

  #filesOf({ name }: Side): EnvoyFiles {
    const { directory, envoyPath, logFile, socketPrefix } = this.#settings;
    const adminSocket = `${socketPrefix}-${name}.sock`;
    return { binary: envoyPath, configFile: join(directory, `${name}.json`), adminSocket, logFile };
  }

  async #start(side: Side): Promise<void> {
    const files = this.#filesOf(side);
    const bootstrap = doorBootstrap(files.adminSocket, join(this.#settings.directory, side.name));
    const envoy = await EnvoyProcess.start(side.inside ? this.internet : undefined, files, bootstrap);
    try {
      await envoy.ready();
    } catch (error) {
      await envoy.stop();
      throw error;
    }
    this.#keep(side, envoy);
  }

  #keep(side: Side, envoy: EnvoyProcess): void {
    const { logFile, onChange } = this.#settings;
    side.running = { envoy, takeUp: new TakeUp(envoy, logFile, onChange) };
    void envoy.process.exited.then(onChange);
  }

  get running(): boolean {
    return this.internet.running;
  }

  /** Takes up other doors without a restart, and starts again what ended; inside first, for it makes the sockets. */
  async lead(doors: readonly Door[]): Promise<void> {
    const done: PromiseSettledResult<void>[] = [];
    for (const inside of [true, false]) {
      const sides = this.#sides.filter((side) => side.inside === inside);
      done.push(...(await Promise.allSettled(sides.map((side) => this.#lead(side, side.resources(doors))))));
    }
    for (const one of done) if (one.status === 'rejected') throw one.reason;
  }

  async #lead(side: Side, resources: ProxyResources): Promise<void> {
    const changed = await side.files.write(resources);
    const lost = side.running?.envoy.process.running !== true;
    if (lost) await this.#start(side);
    if (changed || lost) void side.running?.takeUp.look(resources);
  }

  /** Why a side refused what it was given last. */
  get refusal(): string | undefined {
    return this.#sides.map(({ running }) => running?.takeUp.refusal).find((reason) => reason !== undefined);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sides.map(async ({ running }) => running?.envoy.stop()));
    this.internet.stop();
    await this.#settings.router.detach([CLIENT_ADDRESS]);
  }
}
