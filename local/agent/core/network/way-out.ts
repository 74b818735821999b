/** Whom the route tables of a VPC let out of it. */
import ipaddr from 'ipaddr.js';
import type { RegionState } from '../region-state.ts';
import { routeTableOf, waysOf, type ApiClient } from './api-way.ts';
import type { OutwardClient } from './way-out-rules.ts';

export function outwardClients(
  clients: readonly ApiClient[],
  { routeTables }: Pick<RegionState, 'routeTables'>,
): OutwardClient[] {
  return clients.flatMap((client) => {
    const blocks = waysOf(client, routeTableOf(client, routeTables))
      .map(({ destination }) => destination)
      // A prefix list has no block here.
      .filter((block) => ipaddr.IPv4.isValidCIDR(block));
    return blocks.length === 0 ? [] : [{ address: client.address, vpcId: client.vpcId, blocks }];
  });
}
