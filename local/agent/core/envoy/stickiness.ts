/** Sticky sessions by the load balancer's own cookie: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
import type { TargetGroup } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { seconds } from './common.ts';
import { typed } from './typed.ts';

const FILTER = 'envoy.filters.http.stateful_session';
const TYPE = 'extensions.filters.http.stateful_session.v3';

/** Without a session of its own; target groups bring theirs. */
export const STICKY_FILTER: EnvoyConfig = { name: FILTER, typed_config: typed(`${TYPE}.StatefulSession`) };

export const isSticky = ({ attributes }: TargetGroup): boolean => attributes.stickySeconds !== undefined;

/** Beside a route or a cluster that leads to the group. */
export function stickiness({ attributes: { stickySeconds } }: TargetGroup): EnvoyConfig {
  if (stickySeconds === undefined) return {};
  const cookie = { name: 'AWSALB', path: '/', ttl: seconds(stickySeconds) };
  const session_state = {
    name: 'envoy.http.stateful_session.cookie',
    typed_config: typed('extensions.http.stateful_session.cookie.v3.CookieBasedSessionState', { cookie }),
  };
  const own = typed(`${TYPE}.StatefulSessionPerRoute`, { stateful_session: { session_state } });
  return { typed_per_filter_config: { [FILTER]: own } };
}
