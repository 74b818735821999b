/** Traces as the page has them. */
import type {
  Span as AgentSpan,
  Trace as AgentTrace,
  TraceSummary as AgentSummary,
} from '../../agent/core/tracing/span.ts';
import type { Span, Trace, TraceSummary } from '../protocol/traces.ts';

export function traceSummary(one: AgentSummary): TraceSummary {
  const { traceId, startedAt, milliseconds, service, name, services, spanCount, failed } = one;
  return {
    ...{ traceId, at: startedAt, durationMs: milliseconds, service, name, services: [...services] },
    ...{ spans: spanCount, errors: failed ? 1 : 0 },
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
    spans: parentsFirst(spans).map((span) => spanOf(span, startedAt)),
  };
}

/** By start, but never before the parent: clocks of two processes may differ by a little. */
function parentsFirst(spans: readonly AgentSpan[]): AgentSpan[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | undefined): AgentSpan[] =>
    spans
      .filter(({ parentId }) => (parentId !== undefined && ids.has(parentId) ? parentId : undefined) === parent)
      .sort((a, b) => a.startedAt - b.startedAt)
      .flatMap((span) => [span, ...below(span.spanId)]);
  return below(undefined);
}
