/** Connections that security groups stopped, with the names of who tried and who was asked. */
import type { Observation } from '../../region/observation.ts';
import type { DeniedEdge } from '../protocol/calls.ts';
import type { NodeIds } from './edges.ts';

export function deniedEdges(
  denied: Observation['denied'],
  ids: NodeIds,
  /** Security groups by ARN of a service or a load balancer. */
  groups: ReadonlyMap<string, readonly string[]>,
): DeniedEdge[] {
  return (denied ?? []).map(({ missing, from, to, fromArn = '', toArn = '', ...counted }) => ({
    ...counted,
    id: `${from}>${to}:${String(counted.port)} ${missing}`,
    from: ids.get(fromArn) ?? from,
    to: ids.get(toArn) ?? to,
    fromAddress: from,
    toAddress: to,
    protocol: 'tcp',
    missing,
    securityGroupIds: [...(groups.get(missing === 'egress' ? fromArn : toArn) ?? [])],
  }));
}
