/** What this agent runs just now, for the parts that look at all of it: tasks, load balancers and the ways in. */
import type { Ledger } from '../core/ledger.ts';
import { testEdsName } from '../core/eds-names.ts';
import type { AliasSnapshots } from '../endpoints/alias-snapshots.ts';
import type { LoadBalancerController } from '../load-balancers/load-balancer-controller.ts';
import type { AttachedInterface, VpcNetworks } from '../network/vpc-network.ts';
import type { VpcResolvers } from '../network/vpc-resolvers.ts';
import type { WaysOut } from '../network/ways-out.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { NamespaceHolder } from '../runtime/namespace-holder.ts';
import type { Task } from '../runtime/task.ts';

export interface InventoryParts {
  readonly tasks: ReadonlyMap<string, Pick<Task, 'plan' | 'holder' | 'sidecar' | 'ledger'>>;
  readonly loadBalancers: Pick<LoadBalancerController, 'envoys' | 'interfaces' | 'ledger' | 'places'>;
  readonly networks: Pick<VpcNetworks, 'routers'>;
  readonly resolvers: Pick<VpcResolvers, 'identityOf'>;
  readonly waysOut: Pick<WaysOut, 'ledger'>;
  readonly aliases: Pick<AliasSnapshots, 'edsNames'>;
}

export class Inventory {
  readonly #parts: InventoryParts;

  constructor(parts: InventoryParts) {
    this.#parts = parts;
  }

  /** Every proxy that sends something to tasks. */
  proxies(): EnvoyProcess[] {
    const sidecars = [...this.#parts.tasks.values()].flatMap(({ sidecar }) => sidecar ?? []);
    return [...sidecars, ...this.#parts.loadBalancers.envoys().flatMap(({ envoys }) => [...envoys.values()])];
  }

  /** Lists of endpoints that a proxy may ask for, though nobody may serve there any more. */
  namesInProxies(): string[] {
    const ofTasks = [...this.#parts.tasks.values()].flatMap(({ plan }) => plan.sidecar?.aliases ?? []);
    const names = [...this.#parts.aliases.edsNames(), ...ofTasks.map(({ edsName }) => edsName)];
    return names.flatMap((name) => [name, testEdsName(name)]);
  }

  /** What has a network of its own, the way in first. */
  holders(): Map<string, NamespaceHolder> {
    const ofTasks = [...this.#parts.tasks.values()].flatMap(({ plan, holder }) =>
      holder === undefined ? [] : [[plan.arn, holder] as const],
    );
    return new Map([...this.#parts.loadBalancers.places(), ...ofTasks]);
  }

  interfaces(): AttachedInterface[] {
    const ofTasks = [...this.#parts.tasks.values()].map(({ plan }) => ({
      address: plan.address,
      securityGroupIds: plan.deployment.securityGroupIds,
      vpcId: plan.subnet.vpcId,
      zone: plan.subnet.zone,
      task: {
        subnetId: plan.subnet.id,
        publicAddress: plan.deployment.publicAddress === true,
        serviceArn: plan.service.arn,
      },
    }));
    return [...ofTasks, ...this.#parts.loadBalancers.interfaces()];
  }

  /** For the agent after this one. */
  async ledger(): Promise<Omit<Ledger, 'namespaces'>> {
    const routers = [...(await this.#parts.networks.routers())].map(([vpcId, { identity }]) => ({
      vpcId,
      process: identity,
      resolver: this.#parts.resolvers.identityOf(vpcId),
      wayOut: this.#parts.waysOut.ledger(vpcId),
    }));
    const tasks = [...this.#parts.tasks.values()].flatMap(({ ledger }) => ledger ?? []);
    return { routers, tasks, ...this.#parts.loadBalancers.ledger() };
  }
}
