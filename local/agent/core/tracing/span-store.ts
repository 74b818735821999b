/** The traces that came last. Bounded, so that a region may run for weeks. */
import { summaryOf, traceOf, type Span, type Trace, type TraceSummary } from '../../../region/trace.ts';

/** With five spans a trace about 2 MB, and more than a person looks through. */
export const TRACES_KEPT = 1_000;
/** As many as a page shows at once. */
export const TRACES_LISTED = 50;
/** A caller that never ends its trace must not push all others out. */
const SPANS_KEPT_PER_TRACE = 1_000;

export class SpanStore {
  readonly #traces = new Map<string, Map<string, Span>>();

  add(spans: readonly Span[]): void {
    for (const span of spans) {
      const trace = this.#traces.get(span.traceId) ?? new Map<string, Span>();
      this.#traces.set(span.traceId, trace);
      // An exporter that got no answer sends a batch again.
      if (trace.has(span.spanId) || trace.size < SPANS_KEPT_PER_TRACE) trace.set(span.spanId, span);
    }
    for (const oldest of this.#traces.keys()) {
      if (this.#traces.size <= TRACES_KEPT) break;
      this.#traces.delete(oldest);
    }
  }

  /** The traces that began last, newest first. */
  recent(limit = TRACES_LISTED): TraceSummary[] {
    return [...this.#traces]
      .map(([id, spans]) => {
        return summaryOf(id, [...spans.values()]);
      })
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, limit);
  }

  /** One trace with its spans; undefined when it never came or is no longer kept. */
  trace(traceId: string): Trace | undefined {
    const spans = this.#traces.get(traceId);
    return spans && traceOf(traceId, [...spans.values()]);
  }
}
