/** Listener rules as Envoy routes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
import type { Action, Rule } from '../../../aws-shapes/listener-rule.ts';
import type { LoadBalancer, LocalPorts } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { headersSet, seconds } from './common.ts';
import { errorPage } from './error-pages.ts';
import { redirect, type CameBy } from './redirect.ts';
import { matchOf } from './rule-conditions.ts';
import { stickiness } from './stickiness.ts';

function answer(status: number, contentType: string, body: string): EnvoyConfig {
  return {
    direct_response: { status, body: { inline_string: body } },
    response_headers_to_add: headersSet({ 'content-type': contentType }),
  };
}

function forward({ targetGroups }: Extract<Action, { type: 'forward' }>, balancer: LoadBalancer): EnvoyConfig {
  const weighted = targetGroups
    .filter(({ weight }) => weight > 0)
    .map(({ arn, weight }) => {
      const group = balancer.targetGroups.find((one) => one.arn === arn);
      return { name: group?.edsName ?? arn, weight, kept: group === undefined ? {} : stickiness(group) };
    });
  const [first, ...others] = weighted;
  // Nobody gets what comes, as with a target group that has no targets; Envoy refuses a list without any weight.
  if (first === undefined) return answer(503, 'text/html', errorPage(503));
  const clusters = weighted.map(({ kept, ...cluster }) => ({ ...cluster, ...kept }));
  const alone = others.length === 0;
  return {
    ...(alone ? first.kept : {}),
    route: {
      ...(alone ? { cluster: first.name } : { weighted_clusters: { clusters } }),
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
