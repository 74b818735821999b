/** Listener rules as Envoy routes: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
import type { Action, Condition, LoadBalancer, LocalPorts, Rule } from '../load-balancer.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { seconds } from './common.ts';

/** `*` is any run of characters, `?` one; everything else is itself. */
export function patternToRegex(pattern: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}

const anyOf = (patterns: readonly string[]): string => `(?:${patterns.map(patternToRegex).join('|')})`;
const regex = (text: string): EnvoyConfig => ({ string_match: { safe_regex: { regex: text } } });

/** Conditions become matchers on the path or on headers; a rule holds when all of them do. */
function headerMatchers(condition: Condition): EnvoyConfig[] {
  switch (condition.field) {
    case 'path-pattern':
      // :path has the query too; the pattern is about the path alone.
      return [{ name: ':path', ...regex(`${anyOf(condition.values)}(?:\\?.*)?`) }];
    case 'host-header':
      return [{ name: ':authority', ...regex(`(?i)${anyOf(condition.values)}(?::\\d+)?`) }];
    case 'http-request-method':
      return [{ name: ':method', ...regex(condition.values.map(patternToRegex).join('|')) }];
    case 'http-header':
      return [{ name: condition.name.toLowerCase(), ...regex(`(?i)${anyOf(condition.values)}`) }];
    case 'query-string':
      return [{ name: ':path', ...regex(`.*\\?(?:.*&)?${queryPattern(condition.values)}(?:&.*)?`) }];
    case 'source-ip':
      throw new Error(
        'listener rule condition source-ip is not supported in the local region: every client is the same address here',
      );
  }
}

function queryPattern(values: Extract<Condition, { field: 'query-string' }>['values']): string {
  const alternatives = values.map(
    ({ key, value }) =>
      `${key === undefined ? '[^=&]*' : patternToRegex(key)}=${patternToRegex(value).replaceAll('.*', '[^&]*')}`,
  );
  return `(?:${alternatives.join('|')})`;
}

function redirect(action: Extract<Action, { type: 'redirect' }>): EnvoyConfig {
  const keeps = (value: string, placeholder: string): boolean => value === placeholder || value === '';
  const partly = [
    [action.host, '#{host}'],
    [action.port, '#{port}'],
    [action.path, '/#{path}'],
    [action.query, '#{query}'],
  ].find(([value = '', whole = '']) => !keeps(value, whole) && value.includes('#{'));
  if (partly !== undefined)
    throw new Error(
      `redirect with "${String(partly[0])}": in the local region a part is kept whole (${String(partly[1])}) or replaced whole`,
    );
  return {
    redirect: {
      ...(keeps(action.protocol, '#{protocol}') ? {} : { scheme_redirect: action.protocol.toLowerCase() }),
      ...(keeps(action.host, '#{host}') ? {} : { host_redirect: action.host }),
      ...(keeps(action.port, '#{port}') ? {} : { port_redirect: Number(action.port) }),
      ...(keeps(action.path, '/#{path}')
        ? {}
        : {
            path_redirect:
              action.query === '#{query}' || action.query === '' ? action.path : `${action.path}?${action.query}`,
          }),
      response_code: action.status === 301 ? 'MOVED_PERMANENTLY' : 'FOUND',
    },
  };
}

function outcome(action: Action, balancer: LoadBalancer): EnvoyConfig {
  switch (action.type) {
    case 'fixed-response':
      return {
        direct_response: { status: action.status, body: { inline_string: action.body } },
        response_headers_to_add: [
          {
            header: { key: 'content-type', value: action.contentType || 'text/plain' },
            append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
          },
        ],
      };
    case 'redirect':
      return redirect(action);
    case 'forward': {
      const nameOf = (arn: string): string => balancer.targetGroups.find((group) => group.arn === arn)?.edsName ?? arn;
      const weighted = action.targetGroups.filter(({ weight }) => weight > 0);
      const clusters = weighted.map(({ arn, weight }) => ({ name: nameOf(arn), weight }));
      return {
        route: {
          ...(clusters.length === 1 ? { cluster: clusters[0]?.name } : { weighted_clusters: { clusters } }),
          // A load balancer has no request timeout, only an idle one: it ends in 504 when a target stays silent.
          timeout: '0s',
          idle_timeout: seconds(balancer.idleTimeoutSeconds),
          // A connection that the target closed while idle never carried the request.
          retry_policy: { retry_on: 'reset-before-request', num_retries: 1 },
        },
      };
    }
  }
}

export function routesOf(rule: Rule, balancer: LoadBalancer, localPorts: LocalPorts): EnvoyConfig[] {
  const conditions = rule.conditions.flatMap(headerMatchers);
  const route = (headers: readonly EnvoyConfig[], action: Action): EnvoyConfig => ({
    match: { prefix: '/', ...(headers.length === 0 ? {} : { headers }) },
    ...outcome(action, balancer),
  });
  const whole = route(conditions, rule.action);
  const localPort = rule.action.type === 'redirect' ? localPorts.get(Number(rule.action.port)) : undefined;
  if (rule.action.type !== 'redirect' || localPort === undefined) return [whole];
  // On this machine listeners have other ports than on AWS: who came by one of them is sent on to another of them.
  const cameFromHere = { name: ':authority', ...regex(`.*:(?:${[...localPorts.values()].join('|')})`) };
  return [route([...conditions, cameFromHere], { ...rule.action, port: String(localPort) }), whole];
}
