/** What went over an edge of the map. */
import { z } from 'zod';

/** Rates and shares over the last `EDGE_WINDOW_SECONDS`; gauges are of this moment. */
export const CallRates = z.object({
  requestsPerSecond: z.number(),
  /** By first digit of the status, each second; a gRPC call that failed counts as 5xx, although it has status 200. */
  responsesPerSecond: z.object({ '2xx': z.number(), '3xx': z.number(), '4xx': z.number(), '5xx': z.number() }),
  /** Share of 5xx in all responses, 0 to 1; 0 without a response. */
  errorShare: z.number(),
  /** Absent without a request in the window. */
  p50Ms: z.number().optional(),
  p99Ms: z.number().optional(),
  retriesPerSecond: z.number(),
  timeoutsPerSecond: z.number(),
  newConnectionsPerSecond: z.number(),
  bytesPerSecond: z.number(),
  tlsErrorsPerSecond: z.number(),
  activeConnections: z.number(),
  activeRequests: z.number(),
  /** Hosts that outlier detection leaves out now, over all proxies of the caller. */
  ejectedHosts: z.number(),
});
export type CallRates = z.infer<typeof CallRates>;

/** Long enough that a person's single requests don't flicker, short enough to follow a fault. */
export const EDGE_WINDOW_SECONDS = 5;

export const Edge = z.object({
  /** Unique, and the key in `History` and `Second`. */
  id: z.string(),
  /** Ids of nodes: a service's or a load balancer's. */
  from: z.string(),
  to: z.string(),
  kind: z.enum(['service-connect', 'target-group']),
  /** The discovery name or the name of the target group that was called. */
  via: z.string(),
  protocol: z.enum(['http', 'http2', 'grpc', 'tcp']),
  /** Whether the server's proxy takes TLS and nothing else. */
  tls: z.boolean(),
  /** Whether security groups let a task of `from` reach a task of `to`. */
  allowed: z.boolean(),
  /** Epoch milliseconds of the last request in the history; absent when it was not called in that time. */
  lastCallAt: z.number().optional(),
  now: CallRates,
});
export type Edge = z.infer<typeof Edge>;

/** One second of an edge, for charts; columns below. */
const POINT = {
  requestsPerSecond: z.number(),
  '2xx': z.number(),
  '3xx': z.number(),
  '4xx': z.number(),
  '5xx': z.number(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  retries: z.number(),
  newConnections: z.number(),
  activeConnections: z.number(),
};
export const EdgePoint = z.object(POINT);
export type EdgePoint = z.infer<typeof EdgePoint>;

/** Sent each second: what came on top of the history. An edge that is not in it had no proxy to ask. */
export const Second = z.object({
  /** Epoch milliseconds at which it ended. */
  at: z.number(),
  edges: z.record(z.string(), EdgePoint),
});
export type Second = z.infer<typeof Second>;

/** The last five minutes, oldest first. */
export const History = z.object({ seconds: z.array(Second) });
export type History = z.infer<typeof History>;

/** A connection that security groups did not let through. */
export const DeniedEdge = z.object({
  id: z.string(),
  /** Node id; an address when it is nobody's. */
  from: z.string(),
  to: z.string(),
  fromAddress: z.string(),
  toAddress: z.string(),
  port: z.number(),
  protocol: z.enum(['tcp', 'udp']),
  /** Whose rules lack: `egress` those of the caller, `ingress` those of the called. */
  missing: z.enum(['egress', 'ingress']),
  /** The security groups that would have to allow it. */
  securityGroupIds: z.array(z.string()),
  /** Packets dropped; a connection that is tried for some seconds sends several. */
  packets: z.number(),
  firstAt: z.number(),
  lastAt: z.number(),
});
export type DeniedEdge = z.infer<typeof DeniedEdge>;
