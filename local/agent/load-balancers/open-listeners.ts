/** What the listeners of load balancers need besides their nodes: ways in from this machine, and certificates. Pure. */
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { PUBLIC_AUTHORITY } from '../core/listener-tls.ts';
import { nodesInDns } from '../core/load-balancer.ts';
import type { TlsName } from '../core/topology/service-connect.ts';
import type { LoadBalancerPlace } from '../runtime/load-balancer-process.ts';
import type { OpenListener } from './front-doors.ts';

/**
 * Every listener that the internet reaches, those of the first load balancer first.
 * @param placeOf where a load balancer runs, if it does
 */
export function openListeners(
  wanted: readonly PlacedLoadBalancer[],
  placeOf: (arn: string) => LoadBalancerPlace | undefined,
  lostZones: readonly string[],
): OpenListener[] {
  return wanted.flatMap(({ loadBalancer, internetFacing }) => {
    const place = placeOf(loadBalancer.arn);
    if (!internetFacing || place === undefined) return [];
    return loadBalancer.listeners
      .map(({ port, protocol }): OpenListener => ({
        loadBalancerArn: loadBalancer.arn,
        loadBalancerName: loadBalancer.name,
        port,
        protocol,
        vpcId: place.vpcId,
        addresses: nodesInDns(place.nodes, lostZones).map(({ address }) => address),
      }))
      .sort((a, b) => a.port - b.port);
  });
}

/** The certificates that HTTPS listeners need. */
export function tlsNamesOf(wanted: readonly PlacedLoadBalancer[]): TlsName[] {
  return wanted
    .flatMap(({ loadBalancer }) => loadBalancer.listeners)
    .flatMap(({ tls }) => {
      if (tls === undefined) return [];
      const [serverName, ...otherNames] = tls.names;
      return { edsName: tls.secretName, serverName, otherNames, certificateAuthorityArn: PUBLIC_AUTHORITY };
    });
}
