/** Forwarding to target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#forward-actions */
import type { Action } from '../../../aws-shapes/listener-rule.ts';
import type { LoadBalancer, TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { seconds } from './common.ts';
import { answerOf, errorPage } from './error-pages.ts';
import type { CameBy } from './redirect.ts';
import { refusing } from './request-script.ts';
import { routeScript } from './route-script.ts';
import { cookieScript, staysWith, stickiness, type StickyGroup } from './stickiness.ts';

type Forward = Extract<Action, { type: 'forward' }>;

/** A way that a rule sends requests, and what a request has to have besides. */
interface Way {
  readonly headers: readonly EnvoyConfig[];
  readonly route: EnvoyConfig;
}

/**
 * "HTTP 464: the load balancer received an incoming request protocol that is incompatible with the version config of the
 * target group protocol".
 */
function incompatible(group: TargetGroup | undefined, isTls: boolean): string {
  const isHttp2 = 'handle:streamInfo():protocol() == "HTTP/2"';
  const isGrpc = '(headers:get("content-type") or ""):match("^application/grpc")';
  switch (group?.protocolVersion) {
    case 'GRPC':
      return `not (${isHttp2}) or headers:get(":method") ~= "POST"`;
    case 'HTTP2':
      return `not (${isHttp2})`;
    default:
      // Without TLS there is no HTTP/2, and without it no gRPC.
      return isTls ? `${isHttp2} and ${isGrpc}` : '';
  }
}

/** Beside what leads to a group: its sessions, and a script where one is needed. */
function besides(group: TargetGroup | undefined, sticky: StickyGroup | undefined, isTls: boolean): EnvoyConfig {
  const cookies = cookieScript(group, sticky, isTls);
  const unfit = incompatible(group, isTls);
  const script = `${cookies?.functions ?? ''}
function envoy_on_request(handle)
  local headers = handle:headers()
  ${unfit === '' ? '' : `if ${unfit} then ${refusing(464)} return end`}
  ${cookies?.onRequest ?? ''}
end
${cookies === undefined ? '' : `function envoy_on_response(handle)\n  local headers = handle:headers()\n  ${cookies.onResponse}\nend`}`;
  const own = {
    ...(group === undefined ? {} : stickiness(group)),
    ...(cookies === undefined && unfit === '' ? {} : routeScript(script)),
  };
  return Object.keys(own).length === 0 ? {} : { typed_per_filter_config: own };
}

/** To those with a weight; where clients stay with a group, first of all to the one that they were given. */
export function forwardWays({ targetGroups, stickySeconds }: Forward, balancer: LoadBalancer, by: CameBy): Way[] {
  const weighted = targetGroups.filter(({ weight }) => weight > 0);
  // Nobody gets what comes, as with a target group that has no targets; Envoy refuses a list without any weight.
  if (weighted.length === 0) return [{ headers: [], route: answerOf(503, 'text/html', errorPage(503)) }];
  const isTls = by.protocol === 'HTTPS';
  const clusters = weighted.map(({ arn, weight }) => {
    const group = balancer.targetGroups.find((one) => one.arn === arn);
    const sticky = stickySeconds === undefined ? undefined : { arn, seconds: stickySeconds };
    return { arn, name: group?.edsName ?? arn, weight, besides: besides(group, sticky, isTls) };
  });
  const common = {
    // A load balancer has no request timeout, only an idle one: it ends in 504 when a target stays silent.
    timeout: '0s',
    idle_timeout: seconds(balancer.attributes.idleTimeoutSeconds),
    // A connection that the target closed while idle never carried the request.
    retry_policy: { retry_on: 'reset-before-request', num_retries: 1 },
  };
  const whole = (one: (typeof clusters)[number]): EnvoyConfig => ({
    ...one.besides,
    route: { cluster: one.name, ...common },
  });
  const [only, ...others] = clusters;
  if (only !== undefined && others.length === 0) return [{ headers: [], route: whole(only) }];
  const shared = clusters.map(({ name, weight, besides: own }) => ({ name, weight, ...own }));
  return [
    ...(stickySeconds === undefined
      ? []
      : clusters.map((one) => ({ headers: [staysWith(one.arn)], route: whole(one) }))),
    { headers: [], route: { route: { weighted_clusters: { clusters: shared }, ...common } } },
  ];
}
