/** Asks the agent on its socket. */
import { join } from 'node:path';
import { z } from 'zod';
import { ResourceComplaints, type ResourceComplaint } from './complaints.ts';
import { Intervals, Observation, OBSERVATION_SOCKET, type ObservedInterval } from './observation.ts';
import type { Trace, TraceSummary } from './trace.ts';
import { RUN } from './paths.ts';
import { askSocket, type SocketAnswer } from './socket-http.ts';

/** It answers from memory; a machine that is busy with a load gets this long. */
const ANSWERS_WITHIN_MS = 5_000;

const get = (path: string): Promise<SocketAnswer> =>
  askSocket(
    { socketPath: join(RUN, OBSERVATION_SOCKET), path, timeout: ANSWERS_WITHIN_MS },
    'the agent does not answer',
  );

async function ask<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
  const { status, body } = await get(path);
  if (status !== 200) throw new Error(`the agent answers ${String(status)}: ${body}`);
  return schema.parse(JSON.parse(body));
}

export const observationNow = (): Promise<Observation> => ask('/now', Observation);

/** What the agent can't make real. */
export const complaintsNow = (): Promise<ResourceComplaint[]> => ask('/complaints', ResourceComplaints);

/** The seconds after a moment, oldest first. */
export const intervalsAfter = (at: number): Promise<ObservedInterval[]> =>
  ask(`/intervals?after=${String(at)}`, Intervals);

const Summary = z.object({
  traceId: z.string(),
  name: z.string(),
  service: z.string(),
  startedAt: z.number(),
  milliseconds: z.number(),
  spanCount: z.number(),
  services: z.array(z.string()),
  failedSpans: z.number(),
}) satisfies z.ZodType<TraceSummary>;

const WholeTrace = Summary.extend({
  spans: z.array(
    z
      .object({
        traceId: z.string(),
        spanId: z.string(),
        parentId: z.string().optional(),
        name: z.string(),
        kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']),
        service: z.string(),
        taskId: z.string().optional(),
        startedAt: z.number(),
        milliseconds: z.number(),
        failed: z.boolean(),
        attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      })
      .transform((raw) => ({ ...raw, parentId: raw.parentId, taskId: raw.taskId })),
  ),
});

export const recentTraces = (): Promise<TraceSummary[]> => ask('/traces', z.array(Summary));

export async function traceBy(id: string): Promise<Trace | undefined> {
  const { status, body } = await get(`/traces/${encodeURIComponent(id)}`);
  return status === 404 ? undefined : WholeTrace.parse(JSON.parse(body));
}
