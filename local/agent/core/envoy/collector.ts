/** Stands in for a collector in a task: takes OTLP at its ports, and takes it to the agent. */
import type { EnvoyConfig } from '../mesh.ts';
import type { OtlpPorts } from '../tracing/collector.ts';
import {
  adminOn,
  CONNECTION_LIMIT,
  headersSet,
  HTTP2_UPSTREAM,
  httpConnectionManager,
  seconds,
  socketAddress,
} from './common.ts';

/** Tells the agent which task a request came from; what an application sends under this name is replaced. */
export const TASK_HEADER = 'x-highlands-task-id';

export interface CollectorStandIn {
  readonly taskId: string;
  readonly ports: OtlpPorts;
  readonly adminSocketPath: string;
  /** The agent's receivers. */
  readonly sockets: { readonly http: string; readonly grpc: string };
}

function listener({ taskId }: CollectorStandIn, name: 'http' | 'grpc', port: number): EnvoyConfig {
  return {
    name,
    // In a task all containers share one loopback; a collector may listen at every address, which security groups close.
    address: socketAddress('0.0.0.0', port),
    filter_chains: [
      {
        filters: [
          httpConnectionManager({
            stat_prefix: name,
            route_config: {
              request_headers_to_add: headersSet({ [TASK_HEADER]: taskId }),
              virtual_hosts: [
                {
                  name,
                  domains: ['*'],
                  // What OTLP exporters wait by default: https://opentelemetry.io/docs/specs/otel/protocol/exporter/
                  routes: [{ match: { prefix: '/' }, route: { cluster: name, timeout: seconds(10) } }],
                },
              ],
            },
          }),
        ],
      },
    ],
  };
}

export function collectorConfig(standIn: CollectorStandIn): EnvoyConfig {
  const open = (['http', 'grpc'] as const).flatMap((name) => {
    const port = standIn.ports[name];
    return port === undefined ? [] : [{ name, port }];
  });
  return {
    node: { id: standIn.taskId, cluster: 'collector' },
    admin: adminOn(standIn.adminSocketPath),
    ...CONNECTION_LIMIT,
    static_resources: {
      listeners: open.map(({ name, port }) => listener(standIn, name, port)),
      clusters: open.map(({ name }) => ({
        name,
        type: 'STATIC',
        connect_timeout: '1s',
        ...(name === 'grpc' && HTTP2_UPSTREAM),
        load_assignment: {
          cluster_name: name,
          endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path: standIn.sockets[name] } } } }] }],
        },
      })),
    },
  };
}
