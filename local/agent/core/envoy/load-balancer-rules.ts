/** Listener rules as Envoy routes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html */
import type { Action, Rule } from '../../../aws-shapes/listener-rule.ts';
import type { LoadBalancer, LocalPorts } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { answerOf } from './error-pages.ts';
import { forwardWays } from './forward.ts';
import { redirect, type CameBy } from './redirect.ts';
import { matchOf } from './rule-conditions.ts';

function outcome(action: Exclude<Action, { type: 'forward' }>, listener: CameBy): EnvoyConfig {
  return action.type === 'redirect'
    ? redirect(action, listener)
    : answerOf(action.status, action.contentType || 'text/plain', action.body);
}

/** @throws Error for a rule that can't be had here */
export function routesOf(rule: Rule, balancer: LoadBalancer, localPorts: LocalPorts, listener: CameBy): EnvoyConfig[] {
  const { conditions, action } = rule;
  if (action.type === 'forward')
    return forwardWays(action, balancer, listener).map(({ headers, route }) => ({
      match: matchOf(conditions, headers),
      ...route,
    }));
  const whole = { match: matchOf(conditions), ...outcome(action, listener) };
  const localPort = action.type === 'redirect' ? localPorts.get(Number(action.port)) : undefined;
  if (action.type !== 'redirect' || localPort === undefined) return [whole];
  // On this machine listeners have other ports than on AWS: who came by one of them is sent on to another of them.
  const here = `.*:(?:${[...localPorts.values()].join('|')})`;
  const cameFromHere = { name: ':authority', string_match: { safe_regex: { regex: here } } };
  return [
    {
      match: matchOf(conditions, [cameFromHere]),
      ...outcome({ ...action, port: String(localPort) }, listener),
    },
    whole,
  ];
}
