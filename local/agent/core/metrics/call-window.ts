/** Calls of an interval: differences of counters, added over proxies. */
import { addHistograms, sinceLast } from '../../../region/histogram.ts';
import type { CallStats } from '../../../region/call-stats.ts';

export const NO_CALLS: CallStats = {
  requests: 0,
  responses: { 2: 0, 3: 0, 4: 0, 5: 0 },
  grpcFailures: 0,
  retries: 0,
  timeouts: 0,
  connections: 0,
  bytes: 0,
  tlsErrors: 0,
  latency: new Map(),
  activeConnections: 0,
  activeRequests: 0,
  ejected: 0,
};

/** What came since the last look; gauges stay as they are. A proxy that has started over counts from nothing. */
export function difference(now: CallStats, before: CallStats | undefined): CallStats {
  if (before === undefined || now.requests < before.requests || now.connections < before.connections) return now;
  const grown = (read: (stats: CallStats) => number): number => Math.max(0, read(now) - read(before));
  return {
    ...now,
    requests: grown(({ requests }) => requests),
    responses: {
      2: grown(({ responses }) => responses[2]),
      3: grown(({ responses }) => responses[3]),
      4: grown(({ responses }) => responses[4]),
      5: grown(({ responses }) => responses[5]),
    },
    grpcFailures: grown(({ grpcFailures }) => grpcFailures),
    retries: grown(({ retries }) => retries),
    timeouts: grown(({ timeouts }) => timeouts),
    connections: grown(({ connections }) => connections),
    bytes: grown(({ bytes }) => bytes),
    tlsErrors: grown(({ tlsErrors }) => tlsErrors),
    latency: sinceLast(now.latency, before.latency),
  };
}

/** Several proxies' calls together. */
export function together(calls: readonly CallStats[]): CallStats {
  const sum = (read: (stats: CallStats) => number): number => calls.reduce((total, one) => total + read(one), 0);
  return {
    requests: sum(({ requests }) => requests),
    responses: {
      2: sum(({ responses }) => responses[2]),
      3: sum(({ responses }) => responses[3]),
      4: sum(({ responses }) => responses[4]),
      5: sum(({ responses }) => responses[5]),
    },
    grpcFailures: sum(({ grpcFailures }) => grpcFailures),
    retries: sum(({ retries }) => retries),
    timeouts: sum(({ timeouts }) => timeouts),
    connections: sum(({ connections }) => connections),
    bytes: sum(({ bytes }) => bytes),
    tlsErrors: sum(({ tlsErrors }) => tlsErrors),
    latency: addHistograms(calls.map(({ latency }) => latency)),
    activeConnections: sum(({ activeConnections }) => activeConnections),
    activeRequests: sum(({ activeRequests }) => activeRequests),
    ejected: sum(({ ejected }) => ejected),
  };
}

/** Intervals one after the other: counters add up, gauges are those of the last. */
export function consecutive(before: CallStats, next: CallStats): CallStats {
  const { activeConnections, activeRequests, ejected } = next;
  return { ...together([before, next]), activeConnections, activeRequests, ejected };
}
