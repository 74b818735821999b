/**
 * Health checks by gRPC: "the load balancer calls a method and looks at the gRPC status". Envoy's own checks know the status of
 * HTTP alone, and its gRPC ones a service that targets need not have; so they ask a listener beside the load balancer, which
 * calls the target and says the gRPC status as one of HTTP.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
import type { EnvoyConfig } from '../mesh.ts';
import { HTTP2_UPSTREAM, httpConnectionManager, ROUTER_FILTER, socketAddress } from './common.ts';
import { luaFilter } from './route-script.ts';
import { UNCHECKED_TLS } from './tls.ts';

/** In a load balancer's own network nothing else listens at the loopback. */
export const GRPC_CHECK_ADDRESS = { address: '127.0.0.1', port: 9901 } as const;

/** What the relay answers: that the status is one of the wanted, which no target says itself, or 400 and the status. */
export const GRPC_PASSED = { start: 299, end: 300 };
const FAILED = 400;
/** Of a target that did not answer. */
const UNREACHED = 599;

/** The gRPC status that an answer of the relay stands for; undefined where the target said none. */
export const grpcStatusOf = (httpStatus: number): number | undefined =>
  httpStatus >= FAILED && httpStatus < UNREACHED ? httpStatus - FAILED : undefined;

const WANTED = 'x-wanted-status';
const PROTOCOL = 'x-target-protocol';

/** What tells the relay which status is wanted, and how to get to the target, whose address is the check's host. */
export const grpcCheckHeaders = (
  wanted: readonly { readonly start: number; readonly end: number }[],
  protocol: 'HTTP' | 'HTTPS',
): Record<string, string> => ({
  [WANTED]: wanted.map(({ start, end }) => `${String(start)}-${String(end - 1)}`).join(','),
  [PROTOCOL]: protocol,
});

const SCRIPT = `
function envoy_on_request(handle)
  local headers = handle:headers()
  handle:streamInfo():dynamicMetadata():set("check", "wanted", headers:get("${WANTED}"))
  headers:replace("x-envoy-original-dst-host", headers:get(":authority"))
  headers:replace(":method", "POST")
  headers:replace("content-type", "application/grpc")
  headers:replace("te", "trailers")
  headers:remove("${WANTED}")
  headers:remove("accept-encoding")
  -- One message without a field, which every method takes.
  handle:body(true):setBytes("\\0\\0\\0\\0\\0")
end
function envoy_on_response(handle)
  local headers = handle:headers()
  local status = headers:get("grpc-status")
  if status == nil and headers:get(":status") == "200" then
    handle:body(true)
    local trailers = handle:trailers()
    status = trailers and trailers:get("grpc-status")
  end
  local code = tonumber(status)
  local said = ${String(UNREACHED)}
  if code ~= nil then
    said = ${String(FAILED)} + code
    local wanted = (handle:streamInfo():dynamicMetadata():get("check") or {}).wanted or ""
    for from, to in wanted:gmatch("(%d+)-(%d+)") do
      if code >= tonumber(from) and code <= tonumber(to) then said = ${String(GRPC_PASSED.start)} end
    end
  end
  -- What was had before the body came is out of date.
  handle:headers():replace(":status", tostring(said))
end`;

const clusterOf = (protocol: string): string => `grpc-checks-${protocol}`;

export const GRPC_CHECK_LISTENER: EnvoyConfig = {
  name: 'grpc-checks',
  address: socketAddress(GRPC_CHECK_ADDRESS.address, GRPC_CHECK_ADDRESS.port),
  filter_chains: [
    {
      filters: [
        httpConnectionManager({
          stat_prefix: 'grpc-checks',
          http_filters: [luaFilter('grpc-checks', SCRIPT), ROUTER_FILTER],
          route_config: {
            name: 'grpc-checks',
            // Both files are taken up on their own.
            validate_clusters: false,
            virtual_hosts: [
              {
                name: 'grpc-checks',
                domains: ['*'],
                request_headers_to_remove: [PROTOCOL],
                // The check has a timeout of its own.
                routes: ['HTTPS', 'HTTP'].map((protocol) => ({
                  match: { prefix: '/', headers: [{ name: PROTOCOL, string_match: { exact: protocol } }] },
                  route: { cluster: clusterOf(protocol), timeout: '0s' },
                })),
              },
            ],
          },
        }),
      ],
    },
  ],
};

export const GRPC_CHECK_CLUSTERS: readonly EnvoyConfig[] = ['HTTPS', 'HTTP'].map((protocol) => ({
  name: clusterOf(protocol),
  type: 'ORIGINAL_DST',
  lb_policy: 'CLUSTER_PROVIDED',
  connect_timeout: '10s',
  original_dst_lb_config: { use_http_header: true },
  ...(protocol === 'HTTPS' ? UNCHECKED_TLS : {}),
  ...HTTP2_UPSTREAM,
}));
