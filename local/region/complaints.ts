/**
 * What the agent can't make real, one entry for each resource: told on its socket (`GET /complaints`), shown by `status`,
 * by the console and under a deployment that waits.
 */
import { z } from 'zod';

export const ResourceComplaint = z.object({
  /** ARN where there is one, else id or name. */
  resource: z.string(),
  /** One line with the thing, the value and, where there is one, the remedy. */
  message: z.string(),
  /** When it was first seen, in milliseconds since 1970; the entry goes when the resource is fine again. */
  since: z.number(),
});
export type ResourceComplaint = z.infer<typeof ResourceComplaint>;

export const ResourceComplaints = z.array(ResourceComplaint);

/** Tells that a resource can't be made real. @param resource ARN where there is one, else id or name */
export type Complain = (resource: string, message: string) => void;
