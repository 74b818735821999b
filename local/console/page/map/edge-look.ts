/** What an edge looks like, from what goes over it. Colour says the state; dash, badge and label say it again. */
import type { CallRates } from '../../protocol.ts';

export type EdgeState = 'idle' | 'ok' | 'warn' | 'bad' | 'denied';

/** One error in twenty is what people notice; below that it is worth a look. */
const BAD_SHARE = 0.05;

type Figures = Pick<
  CallRates,
  'requestsPerSecond' | 'errorShare' | 'retriesPerSecond' | 'timeoutsPerSecond' | 'activeRequests' | 'activeConnections'
>;

/** @param denied whether security groups refused a connection not long ago */
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
