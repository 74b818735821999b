/** What an edge looks like, from what goes over it. Colour says the state; dash, badge and label say it again. */
import type { CallRates, DeniedEdge, Edge } from '../../protocol.ts';

export type EdgeState = 'idle' | 'ok' | 'warn' | 'bad' | 'denied';

/** One error in twenty is what people notice; below that it is worth a look. */
const BAD_SHARE = 0.05;

type Figures = Pick<
  CallRates,
  'requestsPerSecond' | 'errorShare' | 'retriesPerSecond' | 'timeoutsPerSecond' | 'activeRequests' | 'activeConnections'
>;

/** What was refused longer ago says little about now: somebody may have added the rule since. */
const RECENT_MS = 30_000;

/**
 * Whether an edge is closed, rather than one where something else was refused too: another port, or a moment without the
 * rule. Connections that were open when a rule went away stay open, so what gets through counts more than rules:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
 */
export function isDenied(
  { allowed, now }: Pick<Edge, 'allowed' | 'now'>,
  refused: readonly Pick<DeniedEdge, 'lastAt'>[],
  at: number,
): boolean {
  const { '2xx': good, '3xx': moved, '4xx': wrong } = now.responsesPerSecond;
  if (good + moved + wrong + now.bytesPerSecond > 0) return false;
  if (!allowed) return true;
  return now.requestsPerSecond === 0 && refused.some(({ lastAt }) => at - lastAt < RECENT_MS);
}

/** @param denied see `isDenied` */
export function edgeState(now: Figures, denied: boolean): EdgeState {
  if (denied) return 'denied';
  if (now.errorShare >= BAD_SHARE) return 'bad';
  if (now.errorShare > 0 || now.retriesPerSecond > 0 || now.timeoutsPerSecond > 0) return 'warn';
  return now.requestsPerSecond > 0 || now.activeRequests > 0 ? 'ok' : 'idle';
}

/** Pixels: each tenfold of the rate adds as much, so that 2/s and 2000/s fit on one map. */
export function edgeWidth(requestsPerSecond: number): number {
  return Math.min(8, 2 + 1.6 * Math.log10(1 + requestsPerSecond));
}

/** Seconds that a dot takes for one gap of the flow: faster with more traffic, never hectic. */
export function flowSeconds(requestsPerSecond: number): number {
  return Math.max(0.35, 2 / (1 + Math.log10(1 + requestsPerSecond)));
}
