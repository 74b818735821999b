/** Spans in the order in which a waterfall shows them: a span, then what it caused, by start. Pure, for the page too. */
import type { Span } from './protocol/traces.ts';

export interface Row {
  readonly span: Span;
  readonly depth: number;
}

export function rowsOf(spans: readonly Span[]): Row[] {
  const inOrder = [...spans].sort((a, b) => a.startMs - b.startMs);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const seen = new Set<string>();
  const from = (span: Span, depth: number): Row[] => {
    if (seen.has(span.spanId)) return [];
    seen.add(span.spanId);
    const caused = inOrder.filter(({ parentSpanId }) => parentSpanId === span.spanId);
    return [{ span, depth }, ...caused.flatMap((one) => from(one, depth + 1))];
  };
  // A parent that never came (a lost batch, another system) leaves its children at the top.
  const roots = inOrder.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
  // Of parents in a circle, which a faulty exporter sends, the earliest comes first.
  return [...roots, ...inOrder].flatMap((span) => from(span, 0));
}
