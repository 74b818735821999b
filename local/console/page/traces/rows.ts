/** Spans in the order in which a waterfall shows them: a span, then what it caused, by start. */
import type { Span } from '../../protocol.ts';

export interface Row {
  readonly span: Span;
  readonly depth: number;
}

export function rowsOf(spans: readonly Span[]): Row[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  // A parent that never came (a lost batch, another system) leaves its children at the top.
  const parentOf = ({ parentSpanId }: Span): string | undefined =>
    parentSpanId !== undefined && ids.has(parentSpanId) ? parentSpanId : undefined;
  const below = (id: string | undefined, depth: number): Row[] =>
    spans
      .filter((span) => parentOf(span) === id)
      .sort((a, b) => a.startMs - b.startMs)
      .flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)]);
  return below(undefined, 0);
}
