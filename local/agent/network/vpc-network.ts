/** One router for each VPC, with the security groups of everything that is attached to it. */
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { NetworkInterface } from '../core/mesh.ts';
import { API_ENDPOINT, reachesAnApi, type ApiClient } from '../core/network/api-way.ts';
import { deniedAfter, type DeniedConnection } from '../core/network/denied.ts';
import { outwardClients } from '../core/network/way-out.ts';
import { NOTHING_OPEN, type OpenWays } from '../core/network/way-out-rules.ts';
import { securityGroupRules } from '../core/network/security-groups.ts';
import type { RegionState } from '../core/region-state.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';

export interface AttachedInterface extends NetworkInterface {
  readonly vpcId: string;
  readonly zone: string;
  /** Of a task: where it stands on its way to AWS's APIs. */
  readonly task?: (Pick<ApiClient, 'publicAddress' | 'subnetId'> & { readonly serviceArn: string }) | undefined;
}

/** The tasks among them. */
export const apiClients = (interfaces: readonly AttachedInterface[]): ApiClient[] =>
  interfaces.flatMap(({ task, ...one }) => (task === undefined ? [] : [{ ...one, ...task }]));

/** What is cut off when these zones are. */
export const lostAddresses = (
  interfaces: readonly Pick<AttachedInterface, 'address' | 'zone'>[],
  lostZones: readonly string[],
): string[] => interfaces.filter(({ zone }) => lostZones.includes(zone)).map(({ address }) => address);

/** The namespace of a VPC's router is gone, and with it the other end of every interface. */
export class RouterLost extends Error {}

export class VpcNetworks {
  readonly #routers = new Map<string, Promise<VpcRouter>>();
  readonly #start: (vpcId: string) => Promise<VpcRouter>;
  readonly #open: () => OpenWays;
  #denied: readonly DeniedConnection[] = [];

  /** @param open what of the way out is open just now */
  constructor(start: (vpcId: string) => Promise<VpcRouter>, open: () => OpenWays = () => NOTHING_OPEN) {
    this.#start = start;
    this.#open = open;
  }

  /** @throws Error when it can't be made; who asks next lets it be tried again */
  router(vpcId: string): Promise<VpcRouter> {
    const existing = this.#routers.get(vpcId);
    if (existing !== undefined) return existing;
    const started = this.#start(vpcId);
    this.#routers.set(vpcId, started);
    started.catch(() => this.#routers.delete(vpcId));
    return started;
  }

  /** Takes over the router of an agent before this one. */
  adopt(vpcId: string, router: VpcRouter): void {
    this.#routers.set(vpcId, Promise.resolve(router));
  }

  /** The routers that are there, by VPC. */
  async routers(): Promise<ReadonlyMap<string, VpcRouter>> {
    const made = await Promise.allSettled(
      [...this.#routers].map(async ([vpcId, router]) => [vpcId, await router] as const),
    );
    return new Map(made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  }

  /**
   * Enforces the region's security groups between these interfaces; everything else is dropped. The router of a VPC that
   * is gone, and has no interface any more, ends.
   * @throws RouterLost when a router has ended
   */
  async enforce(
    state: Pick<RegionState, 'routeTables' | 'securityGroups' | 'subnets' | 'vpcCidrs' | 'vpcEndpoints'>,
    interfaces: readonly AttachedInterface[],
    lostZones: readonly string[],
    book: ComplaintBook,
  ): Promise<void> {
    const act = async ([vpcId, router]: [string, Promise<VpcRouter>]): Promise<void> => {
      const own = interfaces.filter((one) => one.vpcId === vpcId);
      const input = {
        interfaces: own,
        groups: state.securityGroups,
        cutOff: lostAddresses(interfaces, lostZones),
        apis: {
          ...API_ENDPOINT,
          clients: apiClients(own)
            .filter((one) => reachesAnApi(one, state))
            .map(({ address }) => address),
        },
        wayOut: {
          clients: outwardClients(apiClients(own), state),
          vpcCidrs: state.vpcCidrs.get(vpcId) ?? [],
          open: this.#open(),
        },
      };
      const ready = await router;
      if (!ready.running) throw new RouterLost(`the router of ${vpcId} ended: everything in it is started again`);
      if (own.length > 0 || ready.attached > 0 || state.vpcCidrs.has(vpcId))
        return ready.applyRules((countDenied) => securityGroupRules({ ...input, countDenied }));
      this.#routers.delete(vpcId);
      ready.stop();
    };
    const lost = (error: unknown): boolean => error instanceof RouterLost;
    await book.each('security groups of VPCs', [...this.#routers], ([vpcId]) => vpcId, act, lost);
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
