/** Where a load balancer runs, and its start there. */
import { join } from 'node:path';
import type { AgentConfig } from '../../region/agent-config.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { loadBalancerResources } from '../core/envoy/load-balancer.ts';
import type { RegionState, Subnet } from '../core/region-state.ts';
import { gatewayOf } from '../core/topology/addresses.ts';
import type { AddressPool } from '../network/address-pool.ts';
import type { VpcNetworks } from '../network/vpc-network.ts';
import type { LoadBalancerPlace, LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';

export interface StarterParts {
  readonly config: AgentConfig;
  readonly addresses: AddressPool;
  readonly networks: Pick<VpcNetworks, 'router'>;
  readonly startProcess: typeof LoadBalancerProcess.start;
  readonly onChange: () => void;
}

export class LoadBalancerStarter {
  readonly #parts: StarterParts;

  constructor(parts: StarterParts) {
    this.#parts = parts;
  }

  /** Gives it addresses and starts its nodes. @throws Error when that can't be; then it has no address */
  async start(placed: PlacedLoadBalancer, state: RegionState): Promise<LoadBalancerProcess> {
    const { config, networks, addresses } = this.#parts;
    const { loadBalancer } = placed;
    const subnets = placed.subnetIds.flatMap((id) => state.subnets.get(id) ?? []);
    const [first] = subnets;
    if (first === undefined) throw new Error(`load balancer ${loadBalancer.name} has no subnet that exists`);
    const taken: string[] = [];
    const take = (subnet: Subnet): string => {
      const address = addresses.take(subnet);
      taken.push(address);
      return address;
    };
    try {
      const nodes = subnets.map((subnet) => {
        const address = take(subnet);
        return {
          ...{ zone: subnet.zone, address, gateway: gatewayOf(subnet) },
          adminSocketPath: join(config.stateDirectory, `run/s/lb-${address}.sock`),
          configFile: join(this.#directory(loadBalancer.name), `envoy-${subnet.zone}.json`),
        };
      });
      const place = this.place(loadBalancer.name, first.vpcId, await networks.router(first.vpcId), nodes);
      // What can't be had of it is complained about when it is updated, in the same pass.
      const resources = (zone: string) =>
        loadBalancerResources(loadBalancer, new Map(), () => undefined, place.checkLog, zone);
      return await this.#parts.startProcess(loadBalancer.name, place, resources);
    } catch (error) {
      for (const address of taken) addresses.give(address);
      throw error;
    }
  }

  #directory(name: string): string {
    return join(this.#parts.config.stateDirectory, 'run/load-balancers', name);
  }

  place(name: string, vpcId: string, router: VpcRouter, nodes: LoadBalancerPlace['nodes']): LoadBalancerPlace {
    const { config, onChange } = this.#parts;
    const logs = join(config.stateDirectory, 'logs');
    return {
      ...{ router, vpcId, envoyPath: config.envoyPath, directory: this.#directory(name), nodes, onChange },
      logFile: join(logs, `load-balancer-${name}.log`),
      checkLog: join(logs, `health-checks-${name}.log`),
    };
  }
}
