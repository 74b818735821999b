/** What attributes of load balancers say, which the API gives as texts: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
import { z } from 'zod';
import { Truth, valueReader, type Attribute, type RefuseAttribute } from './attributes.ts';
import { numberBetween } from './network-names.ts';

export const ForwardedFor = z.enum(['append', 'preserve', 'remove']);
export const IdleTimeout = numberBetween(1, 4000);

export interface BalancerAttributes {
  readonly idleTimeoutSeconds: number;
  /** What becomes of the X-Forwarded-For that a client sends. */
  readonly forwardedFor: z.infer<typeof ForwardedFor>;
  /** Whether the client's port stands behind its address in it. */
  readonly forwardedPort: boolean;
  /** Whether headers go whose names are not letters, digits and hyphens. */
  readonly dropsInvalidHeaders: boolean;
}

/** AWS's defaults. */
export const USUAL_ATTRIBUTES: BalancerAttributes = {
  idleTimeoutSeconds: 60,
  forwardedFor: 'append',
  forwardedPort: false,
  dropsInvalidHeaders: false,
};

/**
 * @param last what counts for one that is not there or can't be read
 * @param refuse is told of each that can't be read
 */
export function balancerAttributes(
  given: readonly Attribute[],
  last: BalancerAttributes,
  refuse: RefuseAttribute,
): BalancerAttributes {
  const read = valueReader(given, refuse);
  return {
    idleTimeoutSeconds: read('idle_timeout.timeout_seconds', IdleTimeout, last.idleTimeoutSeconds),
    forwardedFor: read('routing.http.xff_header_processing.mode', ForwardedFor, last.forwardedFor),
    forwardedPort: read('routing.http.xff_client_port.enabled', Truth, last.forwardedPort),
    dropsInvalidHeaders: read('routing.http.drop_invalid_header_fields.enabled', Truth, last.dropsInvalidHeaders),
  };
}
