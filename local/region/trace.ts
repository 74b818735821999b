/** Spans and traces as plain data: what OTLP says of them, less what nobody here asks for. */

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface Span {
  /** 32 hexadecimal digits, the same from the first caller to the last called. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** The span that caused this one; it may lie in another task. Absent at a root. */
  readonly parentId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** The resource's `service.name`. */
  readonly service: string;
  /** The task whose collector took it in. */
  readonly taskId: string | undefined;
  /** Epoch milliseconds, with fractions. */
  readonly startedAt: number;
  readonly milliseconds: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** A trace in one line. */
export interface TraceSummary {
  readonly traceId: string;
  /** Of the root, or of the earliest span while the root has not come. */
  readonly name: string;
  readonly service: string;
  readonly startedAt: number;
  /** From the earliest start to the latest end. */
  readonly milliseconds: number;
  readonly spanCount: number;
  /** In the order in which the trace reached them. */
  readonly services: readonly string[];
  readonly failedSpans: number;
}

export interface Trace extends TraceSummary {
  /** In the order of their starts. */
  readonly spans: readonly Span[];
}

/** @param spans at least one, all of one trace */
export function traceOf(traceId: string, spans: readonly Span[]): Trace {
  return { ...summaryOf(traceId, spans), spans: [...spans].sort((a, b) => a.startedAt - b.startedAt) };
}

/** @param spans at least one, all of one trace */
export function summaryOf(traceId: string, spans: readonly Span[]): TraceSummary {
  const inOrder = [...spans].sort((a, b) => a.startedAt - b.startedAt);
  const ids = new Set(inOrder.map(({ spanId }) => spanId));
  const root = inOrder.find(({ parentId }) => parentId === undefined || !ids.has(parentId)) ?? inOrder[0];
  const startedAt = inOrder[0]?.startedAt ?? 0;
  return {
    traceId,
    name: root?.name ?? '',
    service: root?.service ?? '',
    startedAt,
    milliseconds: Math.max(0, ...inOrder.map((span) => span.startedAt + span.milliseconds - startedAt)),
    spanCount: inOrder.length,
    services: [...new Set(inOrder.map(({ service }) => service))],
    failedSpans: inOrder.filter(({ failed }) => failed).length,
  };
}
