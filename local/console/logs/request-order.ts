/** The lines of one request in the order of its calls. Pure. */
import type { AccessLogLine } from '../protocol/logs.ts';

/**
 * By start; a proxy's clock has milliseconds, in which a request goes through several, so then the longer call first: it
 * holds the others. Where both took as long: what came from outside, calls that left, calls that came in from these.
 */
export function inOrderOfCalls(lines: readonly AccessLogLine[]): AccessLogLine[] {
  const callers = new Set(lines.filter(({ direction }) => direction === 'egress').map(({ service }) => service));
  const depth = ({ direction, peer }: AccessLogLine): number => {
    if (direction === 'egress') return 1;
    return peer !== undefined && callers.has(peer) ? 2 : 0;
  };
  return [...lines].sort((a, b) => a.at - b.at || b.durationMs - a.durationMs || depth(a) - depth(b));
}
