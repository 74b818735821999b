/**
 * OTLP's trace request as spans. The same for protobuf and JSON, whose names are the same; ids are bytes in one and
 * hexadecimal in the other. https://opentelemetry.io/docs/specs/otlp/
 */
import { z } from 'zod';
import type { Span, SpanKind } from '../../../region/trace.ts';

const Id = z.union([z.string(), z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString('hex'))]);
/** 64-bit numbers come as decimal text. */
const Nanoseconds = z.union([z.string(), z.number()]).transform((value) => BigInt(value));

type Scalar = string | number | boolean;
const AnyValue = z
  .object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: z.union([z.string(), z.number()]).optional(),
    // Also infinite or none at all: a span is not lost for that.
    doubleValue: z.custom<number>((value) => typeof value === 'number').optional(),
    arrayValue: z.unknown().optional(),
    kvlistValue: z.unknown().optional(),
  })
  .transform((raw): Scalar => {
    const integer = raw.intValue === undefined ? undefined : Number(raw.intValue);
    return (
      raw.stringValue ??
      raw.boolValue ??
      integer ??
      raw.doubleValue ??
      JSON.stringify(raw.arrayValue ?? raw.kvlistValue ?? '')
    );
  });

const Attributes = z
  .array(z.object({ key: z.string(), value: AnyValue.optional() }))
  .default([])
  .transform((pairs) =>
    Object.fromEntries(pairs.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const]))),
  );

/** By number: https://github.com/open-telemetry/opentelemetry-proto, `SpanKind`. 0 is "unspecified", taken for internal. */
const KINDS: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
/** `STATUS_CODE_ERROR` */
const ERROR = 2;

const RawSpan = z.object({
  traceId: Id,
  spanId: Id,
  parentSpanId: Id.default(''),
  name: z.string().default(''),
  kind: z.number().default(0),
  startTimeUnixNano: Nanoseconds,
  endTimeUnixNano: Nanoseconds,
  attributes: Attributes,
  status: z.object({ code: z.number().default(0) }).default({ code: 0 }),
});

const Request = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes: Attributes }).default({ attributes: {} }),
        scopeSpans: z.array(z.object({ spans: z.array(RawSpan).default([]) })).default([]),
      }),
    )
    .default([]),
});

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds / 1000n) / 1000;

/** @throws ZodError when it is no trace request */
export function spansOf(request: unknown, taskId: string | undefined): Span[] {
  return Request.parse(request).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map((raw) => ({
        traceId: raw.traceId,
        spanId: raw.spanId,
        parentId: raw.parentSpanId === '' ? undefined : raw.parentSpanId,
        name: raw.name,
        kind: KINDS[raw.kind] ?? 'internal',
        service: String(resource.attributes['service.name'] ?? 'unknown_service'),
        taskId,
        startedAt: milliseconds(raw.startTimeUnixNano),
        milliseconds: milliseconds(raw.endTimeUnixNano - raw.startTimeUnixNano),
        failed: raw.status.code === ERROR,
        attributes: raw.attributes,
      })),
  );
}
