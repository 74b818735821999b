/** Connections that security groups stopped, with the names of who tried and who was asked. */
import type { Observation } from '../../agent/core/observation/schema.ts';
import type { DeniedEdge } from '../protocol/calls.ts';

/** Who has an address, and which security groups it is in. */
export interface AddressOwner {
  readonly id: string;
  readonly securityGroupIds: readonly string[];
}

export function deniedEdges(denied: Observation['denied'], owners: ReadonlyMap<string, AddressOwner>): DeniedEdge[] {
  return (denied ?? []).map(({ missing, from, to, port, packets, firstAt, lastAt }) => ({
    id: `${from}>${to}:${String(port)}`,
    from: owners.get(from)?.id ?? from,
    to: owners.get(to)?.id ?? to,
    fromAddress: from,
    toAddress: to,
    port,
    protocol: 'tcp',
    missing,
    securityGroupIds: [...(owners.get(missing === 'egress' ? from : to)?.securityGroupIds ?? [])],
    packets,
    firstAt,
    lastAt,
  }));
}
