/** What attributes of target groups say, which the API gives as texts: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html */
import { z } from 'zod';
import { Truth, valueReader, type Attribute, type RefuseAttribute } from './attributes.ts';
import { numberBetween } from './network-names.ts';

const ALGORITHMS = ['round_robin', 'least_outstanding_requests', 'weighted_random'] as const;

export interface TargetGroupAttributes {
  /** How long a client stays with its target, by a cookie of the load balancer; absent where it does not. */
  readonly stickySeconds: number | undefined;
  /** The application's own cookie, without which it does not. */
  readonly stickyCookie?: string | undefined;
  /** How long a new target gets fewer requests than the others; 0 for at once. */
  readonly slowStartSeconds: number;
  readonly algorithm: (typeof ALGORITHMS)[number];
}

/** AWS's defaults. */
export const USUAL_TARGET_GROUP: TargetGroupAttributes = {
  stickySeconds: undefined,
  slowStartSeconds: 0,
  algorithm: 'round_robin',
};
const DAY_SECONDS = 86_400;
/** A token of RFC 6265. AWS's own names are taken. */
const CookieName = z.string().regex(/^(?!AWSALB)[\w!#$%&'*+.^`|~-]+$/, 'no name of a cookie');

/** @param last the value of an attribute that can't be read. @param refuse takes the complaint about it */
export function targetGroupAttributes(
  given: readonly Attribute[],
  last: TargetGroupAttributes,
  refuse: RefuseAttribute,
): TargetGroupAttributes {
  const read = valueReader(given, refuse);
  const sticky = read('stickiness.enabled', Truth, false);
  const kind = read('stickiness.type', z.enum(['lb_cookie', 'app_cookie']), 'lb_cookie');
  const duration = () =>
    read(`stickiness.${kind}.duration_seconds`, numberBetween(1, 604_800), last.stickySeconds ?? DAY_SECONDS);
  return {
    stickySeconds: sticky ? duration() : undefined,
    stickyCookie:
      sticky && kind === 'app_cookie'
        ? read<string | undefined>('stickiness.app_cookie.cookie_name', CookieName, last.stickyCookie)
        : undefined,
    slowStartSeconds: read('slow_start.duration_seconds', numberBetween(0, 900), last.slowStartSeconds),
    algorithm: read('load_balancing.algorithm.type', z.enum(ALGORITHMS), last.algorithm),
  };
}
