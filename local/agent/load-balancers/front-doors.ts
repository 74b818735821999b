/** Keeps a port of the host open for every listener of every internet-facing load balancer that runs. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConfig } from '../../region/agent-config.ts';
import { assignDoorPorts } from '../core/front-door-ports.ts';
import { DoorPorts, DOORS_FILE, type DoorPort, type PublicListener } from '../../region/doors.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { FormerDoor } from '../core/ledger.ts';
import type { Complain } from '../../region/complaints.ts';
import type { LocalPorts } from '../core/load-balancer.ts';
import { freePort } from '../../region/free-port.ts';
import { moveInto } from '../../region/move-into.ts';
import type { FrontDoorProcess, FrontDoorSettings } from '../runtime/front-door.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import type { VpcNetworks } from '../network/vpc-network.ts';

export interface OpenListener extends PublicListener {
  readonly vpcId: string;
  /** Addresses of the load balancer's nodes. */
  readonly addresses: readonly string[];
}

export interface FrontDoorParts {
  readonly config: AgentConfig;
  readonly networks: Pick<VpcNetworks, 'router'>;
  readonly openDoor: typeof FrontDoorProcess.open;
  readonly adoptDoor: typeof FrontDoorProcess.adopt;
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}

/** Ports that are looked at when a listener is new: more than that many load balancers run on no machine. */
const LOOKED_AT = 50;

export class FrontDoors {
  readonly #parts: FrontDoorParts;
  readonly #file: string;
  readonly #processes = new Map<string, FrontDoorProcess>();
  #doors: readonly DoorPort[];
  #written = '';

  constructor(parts: FrontDoorParts) {
    this.#parts = parts;
    this.#file = join(parts.config.stateDirectory, 'run', DOORS_FILE);
    this.#doors = storedIn(this.#file);
  }

  /** Takes over the door that an agent before this one opened. */
  adopt(door: FormerDoor, router: VpcRouter): void {
    this.#processes.set(door.vpcId, this.#parts.adoptDoor(this.#settings(door.vpcId, router), door));
  }

  /** What another agent needs to take them over. */
  ledger(): FormerDoor[] {
    return [...this.#processes].map(([vpcId, process]) => process.ledger(vpcId));
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

  async keep(listeners: readonly OpenListener[], book: ComplaintBook): Promise<void> {
    let doors: readonly DoorPort[] = [];
    const assigned = await book.step('ports of front doors', async () => {
      doors = await this.#assign(listeners);
    });
    if (!assigned) return;
    const vpcs = new Set(listeners.map(({ vpcId }) => vpcId));
    const nameOf = (vpcId: string): string => `front door of ${vpcId}`;
    const over = [...this.#processes].filter(([vpcId, process]) => !vpcs.has(vpcId) || !process.running);
    await book.each(
      'ends of front doors',
      over,
      ([vpcId]) => nameOf(vpcId),
      async ([vpcId, process]) => {
        this.#processes.delete(vpcId);
        await process.close();
      },
    );
    const lead = async (vpcId: string, complain: Complain): Promise<void> => {
      const leading = listeners.flatMap((listener, index) => {
        const door = doors[index];
        if (listener.vpcId !== vpcId || door === undefined) return [];
        return {
          protocol: listener.protocol,
          listen: { address: this.#parts.config.frontDoor.address, port: door.localPort },
          upstreams: listener.addresses.map((address) => ({ address, port: listener.port })),
          socketPath: join(this.#parts.config.stateDirectory, `run/s/door-${String(door.localPort)}`),
        };
      });
      const running = this.#processes.get(vpcId);
      if (running === undefined) this.#processes.set(vpcId, await this.#open(vpcId, leading));
      else await running.lead(leading);
      const refusal = running?.refusal;
      if (refusal !== undefined)
        complain(nameOf(vpcId), `Envoy refuses the configuration of the front door: ${refusal}`);
    };
    await book.each('front doors', vpcs, nameOf, lead);
    await book.step('file of front doors', () => this.#write(doors));
  }

  async #open(vpcId: string, doors: Parameters<typeof FrontDoorProcess.open>[1]): Promise<FrontDoorProcess> {
    const settings = this.#settings(vpcId, await this.#parts.networks.router(vpcId));
    await mkdir(settings.directory, { recursive: true });
    return this.#parts.openDoor(settings, doors);
  }

  #settings(vpcId: string, router: VpcRouter): FrontDoorSettings {
    const { config, onChange } = this.#parts;
    return {
      router,
      envoyPath: config.envoyPath,
      directory: join(config.stateDirectory, 'run/front-doors', vpcId),
      socketPrefix: join(config.stateDirectory, `run/s/door-${vpcId.slice(-8)}`),
      logFile: join(config.stateDirectory, 'logs/front-door.log'),
      onChange,
    };
  }

  async #assign(listeners: readonly OpenListener[]): Promise<DoorPort[]> {
    const wanted = listeners.map(({ loadBalancerArn, loadBalancerName, port, protocol }) => ({
      loadBalancerArn,
      loadBalancerName,
      port,
      protocol,
    }));
    const { address, port: base } = this.#parts.config.frontDoor;
    const isKnown = wanted.every((one) =>
      this.#doors.some((door) => door.loadBalancerArn === one.loadBalancerArn && door.port === one.port),
    );
    const candidates = isKnown ? [] : Array.from({ length: LOOKED_AT }, (_, index) => base + index);
    const free = new Set(await Promise.all(candidates.map((port) => freePort(port, address))));
    return assignDoorPorts(wanted, this.#doors, base, (port) => free.has(port));
  }

  /** Writes for the command line which port leads where. */
  async #write(doors: readonly DoorPort[]): Promise<void> {
    this.#doors = doors;
    const text = JSON.stringify(doors, undefined, 1);
    if (text === this.#written) return;
    await moveInto(this.#file, text);
    this.#written = text;
    for (const { loadBalancerName, port, localPort } of doors) {
      const where = `${this.#parts.config.frontDoor.address}:${String(localPort)}`;
      this.#parts.log(`front door of ${loadBalancerName} port ${String(port)} at ${where}`);
    }
  }
}

/** Without a file that can be read every listener gets a new port. */
function storedIn(file: string): readonly DoorPort[] {
  if (!existsSync(file)) return [];
  try {
    return DoorPorts.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? [];
  } catch {
    return [];
  }
}
