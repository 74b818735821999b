/** What is counted on one way that requests take, as the agent reads it off a proxy and tells it. */
import type { Histogram } from './histogram.ts';

/** Counters only grow while a proxy lives; gauges are what is now. */
export interface CallStats {
  readonly requests: number;
  /** By first digit of the status. */
  readonly responses: Readonly<Record<'2' | '3' | '4' | '5', number>>;
  /** gRPC calls that left and ended with a status other than 0, whatever the HTTP status. */
  readonly grpcFailures: number;
  readonly retries: number;
  readonly timeouts: number;
  readonly connections: number;
  readonly bytes: number;
  readonly tlsErrors: number;
  readonly latency: Histogram;
  readonly activeConnections: number;
  readonly activeRequests: number;
  /** Hosts that outlier detection leaves out now. */
  readonly ejected: number;
}
