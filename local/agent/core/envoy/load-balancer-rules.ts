/** Listener rules as Envoy routes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
import type { Action, Rule } from '../../../aws-shapes/listener-rule.ts';
import type { LoadBalancer, LocalPorts, TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { seconds } from './common.ts';
import { errorPage } from './error-pages.ts';
import { redirect, type CameBy } from './redirect.ts';
import { matchOf } from './rule-conditions.ts';
import { stickiness } from './stickiness.ts';

function answer(status: number, contentType: string, body: string): EnvoyConfig {
  return {
    direct_response: { status, body: { inline_string: body } },
    response_headers_to_add: [
      { header: { key: 'content-type', value: contentType }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' },
    ],
  };
}

function forward({ targetGroups }: Extract<Action, { type: 'forward' }>, balancer: LoadBalancer): EnvoyConfig {
  const groupOf = (arn: string): TargetGroup | undefined => balancer.targetGroups.find((group) => group.arn === arn);
  const weighted = targetGroups.filter(({ weight }) => weight > 0);
  // Nobody gets what comes, as with a target group that has no targets; Envoy refuses a list without any weight.
  if (weighted.length === 0) return answer(503, 'text/html', errorPage(503));
  const clusters = weighted.map(({ arn, weight }) => {
    const group = groupOf(arn);
    return { name: group?.edsName ?? arn, weight, ...(group === undefined ? {} : stickiness(group)) };
  });
  const [first] = clusters;
  return {
    ...(clusters.length === 1 && first !== undefined && 'typed_per_filter_config' in first
      ? { typed_per_filter_config: first.typed_per_filter_config }
      : {}),
    route: {
      ...(clusters.length === 1 ? { cluster: first?.name } : { weighted_clusters: { clusters } }),
      // A load balancer has no request timeout, only an idle one: it ends in 504 when a target stays silent.
      timeout: '0s',
      idle_timeout: seconds(balancer.attributes.idleTimeoutSeconds),
      // A connection that the target closed while idle never carried the request.
      retry_policy: { retry_on: 'reset-before-request', num_retries: 1 },
    },
  };
}

function outcome(action: Action, balancer: LoadBalancer, listener: CameBy): EnvoyConfig {
  switch (action.type) {
    case 'fixed-response':
      return answer(action.status, action.contentType || 'text/plain', action.body);
    case 'redirect':
      return redirect(action, listener);
    case 'forward':
      return forward(action, balancer);
  }
}

/** @throws Error for a rule that can't be had here */
export function routesOf(rule: Rule, balancer: LoadBalancer, localPorts: LocalPorts, listener: CameBy): EnvoyConfig[] {
  const { conditions, action } = rule;
  const whole = { match: matchOf(conditions), ...outcome(action, balancer, listener) };
  const localPort = action.type === 'redirect' ? localPorts.get(Number(action.port)) : undefined;
  if (action.type !== 'redirect' || localPort === undefined) return [whole];
  // On this machine listeners have other ports than on AWS: who came by one of them is sent on to another of them.
  const here = `.*:(?:${[...localPorts.values()].join('|')})`;
  const cameFromHere = { name: ':authority', string_match: { safe_regex: { regex: here } } };
  return [
    {
      match: matchOf(conditions, [cameFromHere]),
      ...outcome({ ...action, port: String(localPort) }, balancer, listener),
    },
    whole,
  ];
}
