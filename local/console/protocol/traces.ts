/** Traces that the region received by OTLP: `GET /api/traces` and `GET /api/traces/:traceId`. */
import { z } from 'zod';

export const TraceSummary = z.object({
  traceId: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  durationMs: z.number(),
  /** Service and name of the root span. */
  service: z.string(),
  name: z.string(),
  /** Every service that has a span in it. */
  services: z.array(z.string()),
  spans: z.number(),
  errors: z.number(),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

export const Traces = z.object({
  /** Latest first. */
  traces: z.array(TraceSummary),
});
export type Traces = z.infer<typeof Traces>;

export const Span = z.object({
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  service: z.string(),
  name: z.string(),
  kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer', 'unspecified']),
  /** Milliseconds after the trace began. */
  startMs: z.number(),
  durationMs: z.number(),
  error: z.boolean(),
  attributes: z.record(z.string(), z.string()),
});
export type Span = z.infer<typeof Span>;

export const Trace = z.object({
  traceId: z.string(),
  /** Epoch milliseconds of the first span. */
  at: z.number(),
  durationMs: z.number(),
  /** By start; a span comes after its parent. */
  spans: z.array(Span),
});
export type Trace = z.infer<typeof Trace>;
