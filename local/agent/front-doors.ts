/** Keeps a port of the host open for every listener of every internet-facing load balancer that runs. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { AgentConfig } from './config.ts';
import { assignDoorPorts, DoorPorts, DOORS_FILE, type DoorPort, type PublicListener } from './core/front-door-ports.ts';
import type { LocalPorts } from './core/load-balancer.ts';
import { moveInto } from './move-into.ts';
import { FrontDoorProcess } from './runtime/front-door.ts';
import type { NamespaceHolder } from './runtime/namespace-holder.ts';
import type { VpcNetworks } from './vpc-network.ts';

export interface OpenListener extends PublicListener {
  readonly vpcId: string;
  /** Addresses of the load balancer's nodes. */
  readonly addresses: readonly string[];
}

export interface FrontDoorTools {
  readonly config: AgentConfig;
  readonly networks: VpcNetworks;
  readonly log: (message: string) => void;
}

/** Ports that are looked at when a listener is new: more than that many load balancers run on no machine. */
const LOOKED_AT = 50;

export class FrontDoors {
  readonly #tools: FrontDoorTools;
  readonly #file: string;
  readonly #processes = new Map<string, FrontDoorProcess>();
  #doors: readonly DoorPort[];
  #written = '';

  constructor(tools: FrontDoorTools) {
    this.#tools = tools;
    this.#file = join(tools.config.stateDirectory, 'run', DOORS_FILE);
    const stored = existsSync(this.#file)
      ? DoorPorts.safeParse(JSON.parse(readFileSync(this.#file, 'utf8')))
      : undefined;
    this.#doors = stored?.data ?? [];
  }

  /** The client's namespaces: `internet`, and one more for each further VPC. */
  places(): [string, NamespaceHolder][] {
    return [...this.#processes.values()].map(({ internet }, index) => [
      index === 0 ? 'internet' : `internet-${String(index + 1)}`,
      internet,
    ]);
  }

  /** The ports of this machine that lead to a load balancer. */
  portsOf(loadBalancerArn: string): LocalPorts {
    const own = this.#doors.filter((door) => door.loadBalancerArn === loadBalancerArn);
    return new Map(own.map(({ port, localPort }) => [port, localPort]));
  }

  async keep(listeners: readonly OpenListener[]): Promise<void> {
    const doors = await this.#assign(listeners);
    const vpcs = new Set(listeners.map(({ vpcId }) => vpcId));
    for (const [vpcId, process] of this.#processes) {
      if (vpcs.has(vpcId) && process.running) continue;
      this.#processes.delete(vpcId);
      await process.close();
    }
    for (const vpcId of vpcs) {
      const leading = listeners.flatMap((listener, index) => {
        const door = doors[index];
        if (listener.vpcId !== vpcId || door === undefined) return [];
        return {
          listen: { address: this.#tools.config.frontDoor.address, port: door.localPort },
          upstreams: listener.addresses.map((address) => ({ address, port: listener.port })),
          socketPath: join(this.#tools.config.stateDirectory, `run/s/door-${String(door.localPort)}`),
        };
      });
      const running = this.#processes.get(vpcId);
      if (running === undefined) this.#processes.set(vpcId, await this.#open(vpcId, leading));
      else await running.lead(leading);
    }
    await this.#write(doors);
  }

  async #open(vpcId: string, doors: Parameters<typeof FrontDoorProcess.open>[1]): Promise<FrontDoorProcess> {
    const { config, networks } = this.#tools;
    const directory = join(config.stateDirectory, 'run/front-doors', vpcId);
    await mkdir(directory, { recursive: true });
    const settings = {
      router: await networks.router(vpcId),
      envoyPath: config.envoyPath,
      directory,
      socketPrefix: join(config.stateDirectory, `run/s/door-${vpcId.slice(-8)}`),
      logFile: join(config.stateDirectory, 'logs/front-door.log'),
    };
    return FrontDoorProcess.open(settings, doors);
  }

  async #assign(listeners: readonly OpenListener[]): Promise<DoorPort[]> {
    const wanted = listeners.map(({ loadBalancerArn, loadBalancerName, port, protocol }) => ({
      loadBalancerArn,
      loadBalancerName,
      port,
      protocol,
    }));
    const { address, port: base } = this.#tools.config.frontDoor;
    const isKnown = wanted.every((one) =>
      this.#doors.some((door) => door.loadBalancerArn === one.loadBalancerArn && door.port === one.port),
    );
    const candidates = isKnown ? [] : Array.from({ length: LOOKED_AT }, (_, index) => base + index);
    const looked = await Promise.all(candidates.map(async (port) => [port, await isFree(address, port)] as const));
    const free = new Map(looked);
    return assignDoorPorts(wanted, this.#doors, base, (port) => free.get(port) === true);
  }

  /** Tells the command line which port leads where. */
  async #write(doors: readonly DoorPort[]): Promise<void> {
    this.#doors = doors;
    const text = JSON.stringify(doors, undefined, 1);
    if (text === this.#written) return;
    await moveInto(this.#file, text);
    this.#written = text;
    for (const { loadBalancerName, port, localPort } of doors) {
      const where = `${this.#tools.config.frontDoor.address}:${String(localPort)}`;
      this.#tools.log(`front door of ${loadBalancerName} port ${String(port)} at ${where}`);
    }
  }
}

function isFree(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, address, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
