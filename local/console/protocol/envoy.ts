/** The Envoy configuration of a service's proxies beside what it was made from: `GET /api/services/:name/envoy`. */
import { z } from 'zod';

/** A JSON document to show whole. */
export const Document = z.object({
  id: z.string(),
  title: z.string(),
  json: z.unknown(),
});
export type Document = z.infer<typeof Document>;

/** A place in a document: https://www.rfc-editor.org/rfc/rfc6901 */
const Place = z.object({ document: z.string(), pointer: z.string() });

export const EnvoyView = z.object({
  service: z.string(),
  /** The task whose proxy it is: the newest of the PRIMARY deployment. Absent while none runs. */
  taskId: z.string().optional(),
  /** Resources of the service's template: the service and its task definition. Empty when no stack made it. */
  template: z.array(Document.extend({ stack: z.string(), logicalId: z.string(), type: z.string() })),
  /** Listeners and clusters of the proxy. */
  envoy: z.array(Document),
  /** Which line of the template makes which line of the configuration. */
  links: z.array(
    z.object({
      /** Absent: nobody set it, a default of Service Connect is at work. */
      template: Place.optional(),
      envoy: z.array(Place),
      /** One sentence: what it does. */
      says: z.string(),
      documentation: z.url().optional(),
    }),
  ),
});
export type EnvoyView = z.infer<typeof EnvoyView>;
