/**
 * Logs as they come: `GET /api/logs/access` and `GET /api/logs/containers` (server-sent events `lines`, each a `LogBatch`),
 * and `GET /api/requests/:requestId` (a `RequestView`, once).
 */
import { z } from 'zod';
import { LONGEST_TEXT } from './limits.ts';

/** One line of a proxy's access log. */
export const AccessLogLine = z.object({
  /** Unique in this run of the region. */
  id: z.string(),
  /** Epoch milliseconds at which the request began. */
  at: z.number(),
  /** Id of the service whose proxy wrote it. */
  service: z.string(),
  taskId: z.string(),
  zone: z.string(),
  /** `egress`: the caller's side, `ingress`: the side of the called. */
  direction: z.enum(['egress', 'ingress']),
  /** Id of the service at the other end, where its address tells. */
  peer: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  protocol: z.string().optional(),
  /** 0 when the caller went away before an answer. */
  status: z.number().optional(),
  grpcStatus: z.string().optional(),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  durationMs: z.number(),
  /** How long the other side took. */
  upstreamServiceMs: z.number().optional(),
  requestId: z.string().optional(),
  authority: z.string().optional(),
  upstreamHost: z.string().optional(),
  forwardedFor: z.string().optional(),
  userAgent: z.string().optional(),
  /** The line as it was written. */
  raw: z.string(),
});
export type AccessLogLine = z.infer<typeof AccessLogLine>;

export const ContainerLogLine = z.object({
  id: z.string(),
  /** Epoch milliseconds that the line says; absent when it says none. */
  at: z.number().optional(),
  service: z.string(),
  taskId: z.string(),
  container: z.string(),
  text: z.string(),
});
export type ContainerLogLine = z.infer<typeof ContainerLogLine>;

/** Filters of `GET /api/logs/access`, as query parameters; all that are given must hold. */
export const AccessLogFilter = z.object({
  service: z.string().optional(),
  direction: z.enum(['egress', 'ingress']).optional(),
  /** First digit, `2` to `5`, or `0` for no answer. */
  status: z.enum(['0', '2', '3', '4', '5']).optional(),
  minMs: z.coerce.number().min(0).optional(),
  /** Part of the line, case does not count. */
  text: z.string().max(LONGEST_TEXT).optional(),
  requestId: z.string().max(200).optional(),
  /** How many lines of the past come first. */
  tail: z.coerce.number().int().min(0).max(1000).default(100),
});
export type AccessLogFilter = z.infer<typeof AccessLogFilter>;

/** Filters of `GET /api/logs/containers`. */
export const ContainerLogFilter = z.object({
  service: z.string().optional(),
  container: z.string().optional(),
  taskId: z.string().optional(),
  text: z.string().max(LONGEST_TEXT).optional(),
  tail: z.coerce.number().int().min(0).max(1000).default(100),
});
export type ContainerLogFilter = z.infer<typeof ContainerLogFilter>;

const batchOf = <Line extends z.ZodType>(line: Line) =>
  z.object({
    lines: z.array(line),
    /** Lines that matched but were too many to show since the last batch. */
    skipped: z.number(),
  });
export const AccessLogBatch = batchOf(AccessLogLine);
export type AccessLogBatch = z.infer<typeof AccessLogBatch>;
export const ContainerLogBatch = batchOf(ContainerLogLine);
export type ContainerLogBatch = z.infer<typeof ContainerLogBatch>;

/** One request through both proxies, oldest line first; what a trace knows of it is at `traceId`. */
export const RequestView = z.object({
  requestId: z.string(),
  lines: z.array(AccessLogLine),
  containerLines: z.array(ContainerLogLine),
});
export type RequestView = z.infer<typeof RequestView>;
