/** What `load.mjs` prints. */
import { z } from 'zod';

export const LoadResult = z.object({
  answered: z.number(),
  statuses: z.record(z.string(), z.number()),
  /** How many of those with status 503 had a Retry-After of a second or more. */
  hinted: z.number(),
  failed: z.number(),
  /** How many of those that failed had no answer in time. */
  timedOut: z.number(),
  seconds: z.number(),
  milliseconds: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  acceptedMilliseconds: z.object({ p50: z.number(), p99: z.number(), max: z.number() }).nullable(),
});
export type LoadResult = z.infer<typeof LoadResult>;
