/** Traces as the page has them. */
import type { Span as AgentSpan, Trace as AgentTrace, TraceSummary as AgentSummary } from '../../region/trace.ts';
import type { Span, Trace, TraceSummary } from '../protocol/traces.ts';
import { rowsOf } from '../span-rows.ts';

export function traceSummary(one: AgentSummary): TraceSummary {
  const { traceId, startedAt, milliseconds, service, name, services, spanCount, failedSpans } = one;
  return {
    ...{ traceId, at: startedAt, durationMs: milliseconds, service, name, services: [...services] },
    ...{ spans: spanCount, errors: failedSpans },
  };
}

const spanOf = (span: AgentSpan, start: number): Span => ({
  spanId: span.spanId,
  parentSpanId: span.parentId,
  service: span.service,
  name: span.name,
  kind: span.kind,
  startMs: span.startedAt - start,
  durationMs: span.milliseconds,
  error: span.failed,
  attributes: Object.fromEntries(Object.entries(span.attributes).map(([key, value]) => [key, String(value)])),
});

export function tracePage({ traceId, startedAt, milliseconds, spans }: AgentTrace): Trace {
  return {
    traceId,
    at: startedAt,
    durationMs: milliseconds,
    // By start, but never before the parent: clocks of two processes may differ by a little.
    spans: rowsOf(spans.map((one) => spanOf(one, startedAt))).map(({ span }) => span),
  };
}
