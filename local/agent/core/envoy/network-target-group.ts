/** A target group of a Network Load Balancer: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html */
import { USUAL_NETWORK_GROUP } from '../../../aws-shapes/network-attributes.ts';
import { zoneEdsName } from '../eds-names.ts';
import type { LoadBalancer, TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { edsCluster, NO_CIRCUIT_BREAKER } from './common.ts';
import { checkProtocol, healthCheckOf } from './health-checks.ts';
import { targetTransport } from './tls.ts';
import { typed } from './typed.ts';

/** Tells the target who the client is: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#proxy-protocol */
const withProxyProtocol = (transport: EnvoyConfig): EnvoyConfig => ({
  transport_socket: {
    name: 'envoy.transport_sockets.upstream_proxy_protocol',
    typed_config: typed('extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport', {
      config: { version: 'V2' },
      ...transport,
    }),
  },
});

/**
 * @param zone of the node: without cross-zone load balancing it has the targets of this zone alone
 * @param checkLog for what checks find
 * @throws Error when its checks can't be had
 */
export function networkClusterOf(
  group: TargetGroup,
  balancer: LoadBalancer,
  zone: string,
  checkLog: string | undefined,
): EnvoyConfig {
  const { edsName, protocol, zonesApart = false, network = USUAL_NETWORK_GROUP } = group;
  const list = zonesApart ? zoneEdsName(edsName, zone) : edsName;
  return {
    ...edsCluster(edsName, list, balancer.edsDirectory),
    // "selects a target using a flow hash algorithm": among many flows that is a choice at random.
    lb_policy: network.sticky ? 'MAGLEV' : 'RANDOM',
    ...targetTransport(protocol, checkProtocol(group), network.proxyProtocol ? withProxyProtocol : undefined).ofCluster,
    ...NO_CIRCUIT_BREAKER,
    // Connections to a target that was taken out go on until it ends, or until its deregistration delay is over.
    ignore_health_on_host_removal: true,
    close_connections_on_host_health_failure: network.endsUnhealthy,
    common_lb_config: {
      // "If all of the targets fail health checks, the load balancer is set to fail open".
      healthy_panic_threshold: { value: 1 },
      update_merge_window: '0s',
    },
    health_checks: [healthCheckOf(group, checkLog)],
  };
}
