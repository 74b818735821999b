/** One router for each VPC, with the security groups of everything that is attached to it. */
import type { NetworkInterface } from './core/mesh.ts';
import { deniedAfter, type DeniedConnection } from './core/network/denied.ts';
import { securityGroupRules } from './core/network/security-groups.ts';
import type { RegionState } from './core/region-state.ts';
import { VpcRouter } from './runtime/vpc-router.ts';

export interface AttachedInterface extends NetworkInterface {
  readonly vpcId: string;
  readonly zone: string;
}

/** The namespace of a VPC's router is gone, and with it the other end of every interface. */
export class RouterLost extends Error {}

export class VpcNetworks {
  readonly #routers = new Map<string, Promise<VpcRouter>>();
  #denied: readonly DeniedConnection[] = [];

  router(vpcId: string): Promise<VpcRouter> {
    const existing = this.#routers.get(vpcId);
    if (existing !== undefined) return existing;
    const started = VpcRouter.start();
    this.#routers.set(vpcId, started);
    return started;
  }

  /**
   * Enforces the region's security groups between these interfaces; everything else is dropped.
   * @throws RouterLost when a router has ended
   */
  async enforce(
    state: RegionState,
    interfaces: readonly AttachedInterface[],
    lostZones: readonly string[],
  ): Promise<void> {
    for (const [vpcId, router] of this.#routers) {
      const input = {
        interfaces: interfaces.filter((one) => one.vpcId === vpcId),
        groups: state.securityGroups,
        cutOff: interfaces.filter(({ zone }) => lostZones.includes(zone)).map(({ address }) => address),
      };
      const ready = await router;
      if (!ready.running) throw new RouterLost(`the router of ${vpcId} ended: everything in it is started anew`);
      await ready.applyRules((countDenied) => securityGroupRules({ ...input, countDenied }));
    }
  }

  /** Connections that were not let through; undefined on a kernel that can't count them. */
  async lookAtDenied(
    ownerOf: (address: string) => string | undefined,
  ): Promise<readonly DeniedConnection[] | undefined> {
    const rows = await Promise.all([...this.#routers.values()].map(async (router) => (await router).denied()));
    if (rows.includes(undefined)) return undefined;
    const found = rows.flatMap((one) => one ?? []);
    this.#denied = deniedAfter(this.#denied, found, ownerOf, Date.now());
    return this.#denied;
  }
}
