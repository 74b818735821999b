/**
 * What the page does: `POST /api/actions` with an `Action`, the header `authorization: Bearer TOKEN` and content type
 * `application/json`. The command that does the same is `commandText(action)` of `command-line.ts`; it is what runs.
 */
import { z } from 'zod';
import { LOAD_LIMITS, MOST_TASKS } from './limits.ts';

/** A service's id or the beginning of a task's. No dash in front: it would be taken for an option. */
const Name = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/);
const Percent = z.number().int().min(1).max(100);
/** Where from: the machine itself (through the load balancer's way in), or a task of a service. */
const From = Name.optional();
const Url = z.url({ protocol: /^https?$/ }).max(2000);

export const Action = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('request'),
    from: From,
    url: Url,
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD']).default('GET'),
    body: z.string().max(10_000).optional(),
  }),
  z.object({
    action: z.literal('load'),
    from: From,
    url: Url,
    ratePerSecond: z.number().int().min(1).max(LOAD_LIMITS.ratePerSecond),
    seconds: z.number().int().min(1).max(LOAD_LIMITS.seconds),
    connections: z.number().int().min(1).max(LOAD_LIMITS.connections).default(4),
  }),
  z.object({
    action: z.literal('fault'),
    service: Name,
    abortStatus: z.number().int().min(200).max(599).optional(),
    delayMs: z.number().int().min(1).max(60_000).optional(),
    percent: Percent.default(100),
  }),
  /** `kill -9` of one task's application. */
  z.object({ action: z.literal('kill'), service: Name }),
  z.object({ action: z.literal('lose-zone'), zone: Name }),
  /** Ends the faults of a service, or all of them and lost zones. */
  z.object({ action: z.literal('clear'), service: Name.optional() }),
  z.object({ action: z.literal('scale'), service: Name, count: z.number().int().min(0).max(MOST_TASKS) }),
  /** ECS StopTask: asked to end, and replaced. */
  z.object({ action: z.literal('stop-task'), task: Name }),
  /** A new deployment of the same task definition. */
  z.object({ action: z.literal('redeploy'), service: Name }),
]);
export type Action = z.infer<typeof Action>;
/** As a form gives it, with defaults left out. */
export type ActionInput = z.input<typeof Action>;

export const ActionResult = z.object({
  ok: z.boolean(),
  /** As it is typed in the project's folder. */
  command: z.string(),
  /** What the command printed, at most 64 kB; for a request the answer with its headers, for a load its table. */
  output: z.string(),
  /** For a request. */
  response: z
    .object({
      status: z.number(),
      headers: z.array(z.tuple([z.string(), z.string()])),
      body: z.string(),
      durationMs: z.number(),
      requestId: z.string().optional(),
    })
    .optional(),
});
export type ActionResult = z.infer<typeof ActionResult>;

/** Any refusal: 400 a wrong action, 401 no token, 403 wrong Host or Origin, 404, 409 a load runs already. */
export const Problem = z.object({ problem: z.string() });
export type Problem = z.infer<typeof Problem>;
