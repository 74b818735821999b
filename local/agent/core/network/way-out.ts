/** Whom the route tables of a VPC let out of it. */
import ipaddr from 'ipaddr.js';
import type { RegionState, RouteTable } from '../region-state.ts';
import { routeTableOf, waysOf, type ApiClient } from './api-way.ts';
import type { OutwardClient } from './way-out-rules.ts';

export function outwardClients(
  clients: readonly ApiClient[],
  { routeTables }: Pick<RegionState, 'routeTables'>,
): OutwardClient[] {
  return clients.flatMap((client) => {
    const table = routeTableOf(client, routeTables);
    const ways = waysOf(client, table);
    const blocks = blocksOf(ways);
    const closed = blocksOf((table?.routes ?? []).filter((one) => one.target !== 'local' && !ways.includes(one)));
    return blocks.length === 0 ? [] : [{ address: client.address, vpcId: client.vpcId, blocks, closed }];
  });
}

/** A prefix list has no block here. */
const blocksOf = (routes: RouteTable['routes']): string[] =>
  routes.map(({ destination }) => destination).filter((block) => ipaddr.IPv4.isValidCIDR(block));
