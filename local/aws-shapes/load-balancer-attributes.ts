/** What attributes of load balancers say, which the API gives as texts: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html */
import { z } from 'zod';
import { Truth, valueReader, type Attribute, type RefuseAttribute } from './attributes.ts';
import { numberBetween } from './network-names.ts';

export const ForwardedFor = z.enum(['append', 'preserve', 'remove']);
export const IdleTimeout = numberBetween(1, 4000);
const KeepAlive = numberBetween(60, 604_800);

export interface BalancerAttributes {
  readonly idleTimeoutSeconds: number;
  /** What becomes of the X-Forwarded-For that a client sends. */
  readonly forwardedFor: z.infer<typeof ForwardedFor>;
  /** Whether the client's port stands behind its address in it. */
  readonly forwardedPort: boolean;
  /** Whether headers go whose names are not letters, digits and hyphens. */
  readonly dropsInvalidHeaders: boolean;
  /** How long a client's connection is kept at most, whatever comes by it. */
  readonly keepAliveSeconds: number;
  /** Whether clients of HTTPS listeners may speak HTTP/2. */
  readonly http2: boolean;
  /** Whether targets get the client's Host as it was, also behind a port that is not 80 or 443. */
  readonly preservesHost: boolean;
  /** Whether targets are told the version and the cipher of the client's TLS. */
  readonly tellsTls: boolean;
  /** Whether each node sends to the targets of all zones; always of an Application Load Balancer. */
  readonly crossesZones: boolean;
}

/** AWS's defaults. */
export const USUAL_ATTRIBUTES: BalancerAttributes = {
  idleTimeoutSeconds: 60,
  forwardedFor: 'append',
  forwardedPort: false,
  dropsInvalidHeaders: false,
  keepAliveSeconds: 3600,
  http2: true,
  preservesHost: false,
  tellsTls: false,
  crossesZones: false,
};

/**
 * @param last the value of an attribute that is absent or can't be read
 * @param refuse takes the complaint about each that can't be read
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
    keepAliveSeconds: read('client_keep_alive.seconds', KeepAlive, last.keepAliveSeconds),
    http2: read('routing.http2.enabled', Truth, last.http2),
    preservesHost: read('routing.http.preserve_host_header.enabled', Truth, last.preservesHost),
    tellsTls: read('routing.http.x_amzn_tls_version_and_cipher_suite.enabled', Truth, last.tellsTls),
    crossesZones: read('load_balancing.cross_zone.enabled', Truth, last.crossesZones),
  };
}
