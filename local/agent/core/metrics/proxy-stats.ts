/** Envoy's own statistics, narrowed to what a person or an alarm asks about. */
import { z } from 'zod';
import type { CallStats } from '../../../region/call-stats.ts';
import type { Histogram } from '../../../region/histogram.ts';

export interface ProxyStats {
  /** Calls that leave through the proxy, by cluster. */
  readonly outbound: ReadonlyMap<string, CallStats>;
  /** Calls that come in, by discovery name or listener. */
  readonly inbound: ReadonlyMap<string, CallStats>;
}

const Bucket = z.object({ upper_bound: z.number().nullable(), cumulative: z.number() });
const Answer = z.object({
  stats: z.array(
    z.union([
      z.object({ name: z.string(), value: z.number() }),
      z.object({ histograms: z.array(z.object({ name: z.string(), buckets: z.array(Bucket) })) }),
      z.unknown().transform(() => undefined),
    ]),
  ),
});

const OUTBOUND =
  'upstream_rq_total|upstream_rq_[2345]xx|upstream_rq_retry|upstream_rq_timeout|upstream_rq_time|upstream_rq_active|grpc\\.failure|upstream_cx_total|upstream_cx_active|upstream_cx_[rt]x_bytes_total|ssl\\.connection_error|ssl\\.fail_verify_[a-z_]+|outlier_detection\\.ejections_active';
const INBOUND =
  'downstream_rq_total|downstream_rq_[2345]xx|downstream_rq_timeout|downstream_rq_time|downstream_rq_active|downstream_cx_total|downstream_cx_active|downstream_cx_[rt]x_bytes_total|downstream_cx_ssl_total';

/** What to ask the admin interface for. https://www.envoyproxy.io/docs/envoy/latest/operations/admin#get--stats */
export const STATS_PATH = `/stats?${new URLSearchParams({
  format: 'json',
  usedonly: '',
  histogram_buckets: 'disjoint',
  filter: `^(cluster\\..+\\.(${OUTBOUND})|(http|tcp)\\..+\\.(${INBOUND})|listener\\..+\\.ssl\\.connection_error)$`,
}).toString()}`;

type Values = ReadonlyMap<string, number>;

function callStats(
  prefix: string,
  side: 'upstream' | 'downstream',
  values: Values,
  latencies: ReadonlyMap<string, Histogram>,
): CallStats {
  const value = (name: string): number => values.get(`${prefix}.${name}`) ?? 0;
  const responses = (digit: string): number => value(`${side}_rq_${digit}xx`);
  return {
    requests: value(`${side}_rq_total`),
    responses: { 2: responses('2'), 3: responses('3'), 4: responses('4'), 5: responses('5') },
    grpcFailures: value('grpc.failure'),
    retries: value('upstream_rq_retry'),
    timeouts: value(`${side}_rq_timeout`),
    connections: value(`${side}_cx_total`),
    bytes: value(`${side}_cx_rx_bytes_total`) + value(`${side}_cx_tx_bytes_total`),
    tlsErrors:
      value('ssl.connection_error') +
      [...values].reduce((sum, [name, count]) => sum + (name.startsWith(`${prefix}.ssl.fail_verify`) ? count : 0), 0),
    latency: latencies.get(`${prefix}.${side}_rq_time`) ?? new Map<number, number>(),
    activeConnections: value(`${side}_cx_active`),
    activeRequests: value(`${side}_rq_active`),
    ejected: value('outlier_detection.ejections_active'),
  };
}

/**
 * @param text the admin interface's answer to STATS_PATH
 * @param clusters names of the clusters to look for; they may hold dots, so they can't be told from the statistic
 * @param ingress names of HTTP or TCP filters that take calls in, such as `ingress_service-a`
 */
export function readProxyStats(text: string, clusters: readonly string[], ingress: readonly string[]): ProxyStats {
  const values = new Map<string, number>();
  const latencies = new Map<string, Histogram>();
  for (const one of Answer.parse(JSON.parse(text)).stats) {
    if (one === undefined) continue;
    if ('name' in one) values.set(one.name, one.value);
    else
      for (const { name, buckets } of one.histograms)
        latencies.set(
          name,
          new Map(buckets.map(({ upper_bound, cumulative }) => [upper_bound ?? Infinity, cumulative])),
        );
  }
  const kindOf = (name: string): string => (values.has(`http.${name}.downstream_cx_total`) ? 'http' : 'tcp');
  return {
    outbound: new Map(clusters.map((name) => [name, callStats(`cluster.${name}`, 'upstream', values, latencies)])),
    inbound: new Map(
      ingress.map((name) => [name, callStats(`${kindOf(name)}.${name}`, 'downstream', values, latencies)]),
    ),
  };
}
