/** Edges of the map from what the proxies counted. */
import { consecutive, NO_CALLS, together } from '../../agent/core/metrics/call-window.ts';
import { quantileOf } from '../../region/histogram.ts';
import type { CallStats } from '../../region/call-stats.ts';
import type { ObservedEdge, ObservedInterval } from '../../region/observation.ts';
import { EDGE_WINDOW_SECONDS, type CallRates, type Edge, type EdgePoint, type Second } from '../protocol/calls.ts';

/** Node ids by ARN. */
export type NodeIds = ReadonlyMap<string, string>;

const answersOf = ({ responses }: CallStats): number => responses[2] + responses[3] + responses[4] + responses[5];

/** A gRPC call that the proxy itself ended, at a timeout for instance, counts both ways. */
const failuresOf = ({ responses, grpcFailures }: CallStats): number => Math.max(responses[5], grpcFailures);

/** A call that no host took has an answer of the proxy, but counts as no request; TCP has connections only. */
const isCalled = (calls: CallStats): boolean => calls.requests + answersOf(calls) + calls.connections > 0;

export function ratesOf(calls: CallStats, milliseconds: number): CallRates {
  const each = (count: number): number => (milliseconds === 0 ? 0 : (count * 1000) / milliseconds);
  const answers = answersOf(calls);
  const failures = failuresOf(calls);
  return {
    // Each retry counts as a request to a host, and is shown apart.
    requestsPerSecond: each(Math.max(calls.requests - calls.retries, answers)),
    responsesPerSecond: {
      '2xx': each(Math.max(0, calls.responses[2] - (failures - calls.responses[5]))),
      '3xx': each(calls.responses[3]),
      '4xx': each(calls.responses[4]),
      '5xx': each(failures),
    },
    errorShare: answers === 0 ? 0 : failures / answers,
    p50Ms: quantileOf(calls.latency, 0.5),
    p99Ms: quantileOf(calls.latency, 0.99),
    retriesPerSecond: each(calls.retries),
    timeoutsPerSecond: each(calls.timeouts),
    newConnectionsPerSecond: each(calls.connections),
    bytesPerSecond: each(calls.bytes),
    tlsErrorsPerSecond: each(calls.tlsErrors),
    activeConnections: calls.activeConnections,
    activeRequests: calls.activeRequests,
    ejectedHosts: calls.ejected,
  };
}

/** The intervals of the last seconds; at least the last one. */
function recent(intervals: readonly ObservedInterval[]): readonly ObservedInterval[] {
  const last = intervals.at(-1);
  return last === undefined ? [] : intervals.filter(({ at }) => at > last.at - EDGE_WINDOW_SECONDS * 1000);
}

const lasted = (intervals: readonly ObservedInterval[]): number =>
  intervals.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

const callsOn = (edge: ObservedEdge, interval: ObservedInterval): CallStats | undefined =>
  interval.edges.find(({ caller, called }) => caller === edge.caller && called === edge.called)?.calls;

interface KnownEdge extends ObservedEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** Edges whose both ends are on the map. */
function known(edges: readonly ObservedEdge[], ids: NodeIds): KnownEdge[] {
  return edges.flatMap((edge) => {
    const from = ids.get(edge.caller);
    const to = edge.serverArn === undefined ? undefined : ids.get(edge.serverArn);
    return from === undefined || to === undefined ? [] : [{ ...edge, id: `${from}>${edge.via}`, from, to }];
  });
}

/** Every edge that security groups allow, and every other one that was tried. */
export function edgesOf(
  observed: readonly ObservedEdge[],
  intervals: readonly ObservedInterval[],
  ids: NodeIds,
): Edge[] {
  const window = recent(intervals);
  return known(observed, ids).flatMap((edge) => {
    const lastCallAt = intervals.findLast((interval) => isCalled(callsOn(edge, interval) ?? NO_CALLS))?.at;
    if (!edge.allowed && lastCallAt === undefined) return [];
    const { id, from, to, kind, via, protocol, tls, allowed } = edge;
    const calls = window.map((interval) => callsOn(edge, interval) ?? NO_CALLS).reduce(consecutive, NO_CALLS);
    return [{ id, from, to, kind, via, protocol, tls, allowed, lastCallAt, now: ratesOf(calls, lasted(window)) }];
  });
}

function pointOf(calls: CallStats, milliseconds: number): EdgePoint {
  const rates = ratesOf(calls, milliseconds);
  return {
    requestsPerSecond: rates.requestsPerSecond,
    ...rates.responsesPerSecond,
    p50Ms: rates.p50Ms ?? null,
    p99Ms: rates.p99Ms ?? null,
    retries: rates.retriesPerSecond,
    newConnections: rates.newConnectionsPerSecond,
    activeConnections: rates.activeConnections,
  };
}

/** One interval for the charts. */
export function secondOf(interval: ObservedInterval, observed: readonly ObservedEdge[], ids: NodeIds): Second {
  const points = known(observed, ids).flatMap((edge) => {
    const calls = callsOn(edge, interval);
    return calls === undefined ? [] : [[edge.id, pointOf(calls, interval.milliseconds)] as const];
  });
  return { at: interval.at, edges: Object.fromEntries(points) };
}

/** Calls that came in at each service's proxies, all its discovery names together. */
export function inboundOf(
  observed: readonly ObservedEdge[],
  intervals: readonly ObservedInterval[],
  ids: NodeIds,
): Record<string, CallRates> {
  const window = recent(intervals);
  const servers = new Map(observed.map(({ called, serverArn }) => [called, ids.get(serverArn ?? '')]));
  const rates = [...ids.values()].map((id) => {
    const calls = window
      .map(({ inbound }) =>
        together(inbound.filter(({ called }) => servers.get(called) === id).map((one) => one.calls)),
      )
      .reduce(consecutive, NO_CALLS);
    return [id, ratesOf(calls, lasted(window))] as const;
  });
  return Object.fromEntries(rates);
}
