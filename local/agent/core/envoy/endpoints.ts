/** Endpoints as Envoy takes them from a file: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/endpoint/v3/endpoint.proto */
import type { Backend } from '../mesh.ts';
import { socketAddress } from './common.ts';
import { GRPC_CHECK_ADDRESS } from './grpc-checks.ts';
import { TLS_MATCH } from './tls.ts';
import { discoveryResponse, type DiscoveryResponse } from './discovery-response.ts';

/** A DiscoveryResponse with the endpoints of one cluster, grouped by zone, the same for the same backends. */
export function endpointsResource(edsName: string, backends: readonly Backend[], region: string): DiscoveryResponse {
  const zones = [...new Set(backends.map(({ zone }) => zone))].sort();
  const endpoints = zones.map((zone) => {
    const members = backends
      .filter((backend) => backend.zone === zone)
      .map(({ address, port, tls, healthCheckPort, relayedCheck, shiftedAway }) => ({
        endpoint: {
          address: { socket_address: { address, port_value: port } },
          // Checks name the target's address and port as their host.
          ...(healthCheckPort === undefined
            ? {}
            : {
                health_check_config: {
                  ...(relayedCheck === true
                    ? { address: socketAddress(GRPC_CHECK_ADDRESS.address, GRPC_CHECK_ADDRESS.port) }
                    : { port_value: healthCheckPort }),
                  hostname: `${address}:${String(healthCheckPort)}`,
                },
              }),
        },
        ...(shiftedAway === true ? { health_status: 'UNHEALTHY' } : {}),
        ...(tls ? { metadata: { filter_metadata: { 'envoy.transport_socket_match': TLS_MATCH } } } : {}),
      }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    return { locality: { region, zone }, load_balancing_weight: members.length, lb_endpoints: members };
  });
  const type = 'config.endpoint.v3.ClusterLoadAssignment';
  return discoveryResponse(type, [{ cluster_name: edsName, endpoints }]);
}
