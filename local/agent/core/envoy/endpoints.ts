/** Endpoints as Envoy takes them from a file: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/endpoint/v3/endpoint.proto */
import { createHash } from 'node:crypto';
import type { Backend, EnvoyConfig } from '../mesh.ts';

/** The file of an EDS name inside the EDS directory. */
export function edsFileName(edsName: string): string {
  return `${edsName}.json`;
}

/** A DiscoveryResponse with the endpoints of one cluster, grouped by zone, the same for the same backends. */
export function endpointsResource(edsName: string, backends: readonly Backend[], region: string): EnvoyConfig {
  const zones = [...new Set(backends.map(({ zone }) => zone))].sort();
  const endpoints = zones.map((zone) => {
    const members = backends
      .filter((backend) => backend.zone === zone)
      .map(({ address, port }) => ({ endpoint: { address: { socket_address: { address, port_value: port } } } }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    return { locality: { region, zone }, load_balancing_weight: members.length, lb_endpoints: members };
  });
  const assignment = {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: edsName,
    endpoints,
  };
  return {
    version_info: createHash('sha256').update(JSON.stringify(assignment)).digest('hex').slice(0, 16),
    resources: [assignment],
  };
}
