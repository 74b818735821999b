/** The inbound side of a sidecar: one listener for each port, handing requests to the application on loopback. */
import type { EnvoyConfig, IngressPort, Sidecar } from '../mesh.ts';
import { accessLog } from './access-log.ts';
import {
  HTTP2_UPSTREAM,
  httpConnectionManager,
  NO_CIRCUIT_BREAKER,
  ROUTER_FILTER,
  seconds,
  socketAddress,
  tcpProxy,
  UPGRADES,
} from './common.ts';
import { FAULT_FILTER } from './faults.ts';
import { downstreamTls } from './tls.ts';

/** Requests from the VPC keep their `x-envoy-*` and request id; those from outside do not. */
export function internalAddresses({ vpcCidrs }: Pick<Sidecar, 'vpcCidrs'>): EnvoyConfig {
  return {
    cidr_ranges: ['127.0.0.0/8', ...vpcCidrs].map((cidr) => {
      const [address = '', length = '32'] = cidr.split('/');
      return { address_prefix: address, prefix_len: Number(length) };
    }),
  };
}

const clusterOf = ({ containerPort }: IngressPort): string => `app_${String(containerPort)}`;

function filter(port: IngressPort, sidecar: Sidecar): EnvoyConfig {
  const name = `ingress_${port.discoveryName}`;
  const log = accessLog(sidecar.accessLog, port.protocol);
  if (port.protocol === 'tcp') {
    return tcpProxy({
      stat_prefix: name,
      cluster: clusterOf(port),
      idle_timeout: seconds(port.timeouts.idleSeconds),
      ...log,
    });
  }
  return httpConnectionManager({
    stat_prefix: name,
    stream_idle_timeout: seconds(port.timeouts.idleSeconds),
    // The peer's address is real here, so it is what joins x-forwarded-for, after what the load balancer put there.
    use_remote_address: true,
    // A load balancer in front says by which protocol its client came; else this proxy would say http in its place.
    xff_num_trusted_hops: 1,
    ...(port.protocol === 'http' ? UPGRADES : {}),
    // Service Connect's request id is the caller's: one id joins the logs of both proxies.
    preserve_external_request_id: true,
    internal_address_config: internalAddresses(sidecar),
    ...log,
    http_filters: [FAULT_FILTER, ROUTER_FILTER],
    route_config: {
      name,
      virtual_hosts: [
        {
          name: 'app',
          domains: ['*'],
          routes: [
            {
              match: { prefix: '/' },
              route: {
                cluster: clusterOf(port),
                // Whether AWS also ends a request here is not known; the same limit on both sides harms nobody.
                timeout: seconds(port.timeouts.perRequestSeconds ?? 0),
                idle_timeout: seconds(port.timeouts.idleSeconds),
                // No retry of a request: the caller's proxy does that, on another host. An idle connection that the
                // application closed at this very moment never carried it, so it may be sent again.
                retry_policy: { retry_on: 'reset-before-request,connect-failure', num_retries: 1 },
              },
            },
          ],
        },
      ],
    },
  });
}

export function ingressListeners(sidecar: Sidecar): EnvoyConfig[] {
  return sidecar.ingress.map((port) => ({
    name: `ingress-${port.discoveryName}`,
    traffic_direction: 'INBOUND',
    address: socketAddress('0.0.0.0', port.listenerPort),
    filter_chains: [
      {
        name: port.discoveryName,
        ...(port.tls ? { transport_socket: downstreamTls(port.edsName, sidecar.tlsDirectory) } : {}),
        filters: [filter(port, sidecar)],
      },
    ],
  }));
}

/** The application itself, on loopback: it may bind there or to every address. */
export function applicationClusters(sidecar: Sidecar): EnvoyConfig[] {
  const byPort = new Map(sidecar.ingress.map((port) => [port.containerPort, port]));
  return [...byPort.values()].map((port) => ({
    name: clusterOf(port),
    type: 'STATIC',
    connect_timeout: '1s',
    ...NO_CIRCUIT_BREAKER,
    ...(port.protocol === 'http2' || port.protocol === 'grpc' ? HTTP2_UPSTREAM : {}),
    load_assignment: {
      cluster_name: clusterOf(port),
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress('127.0.0.1', port.containerPort) } }] }],
    },
  }));
}
