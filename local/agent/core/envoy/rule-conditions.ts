/** Conditions of listener rules as Envoy's route matches: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
import type { Condition } from '../../../aws-shapes/listener-rule.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { cameFrom } from './client-address.ts';
import { faultOfRegex } from '../../../aws-shapes/listener-rule-regex.ts';

/** `*` is any run of characters, `?` one; everything else is itself. @param one the class of what they stand for */
export function patternToRegex(pattern: string, one = '.'): string {
  return pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/[*?]/g, (wild) => (wild === '*' ? `${one}*` : one));
}

/** The same with `\*` and `\?` as the characters themselves, which only query strings have. */
function escapablePattern(pattern: string, one: string): string {
  return pattern
    .split(/(\\[*?])/)
    .map((part) => (/^\\[*?]$/.test(part) ? part : patternToRegex(part, one)))
    .join('');
}

const either = (regexes: readonly string[]): string => `(?:${regexes.join('|')})`;
const matching = (text: string): EnvoyConfig => ({ string_match: { safe_regex: { regex: text } } });

/**
 * AWS looks for the expression anywhere, Envoy compares the whole text.
 * @throws Error when AWS and RE2 have no such expression
 */
function foundAnywhere(expression: string): string {
  const fault = faultOfRegex(expression);
  if (fault !== undefined)
    throw new Error(`"${expression}" is no regular expression of a load balancer, which are those of RE2: ${fault}`);
  return `(?s:.*)(?:${expression})(?s:.*)`;
}

/** A host's end may be followed by a port: `$` outside of a class is before it. */
function beforePort(expression: string): string {
  return expression.replace(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$/gs, (part) => (part === '$' ? '(?::\\d+)?$' : part));
}

interface Texts {
  readonly values: readonly string[];
  readonly regexes?: readonly string[];
}

const anyOf = ({ values, regexes = [] }: Texts): string =>
  either([...values.map((value) => patternToRegex(value)), ...regexes.map(foundAnywhere)]);

/** A rule holds when all of its conditions do. @throws Error for a condition that can't be had here */
export function matchOf(conditions: readonly Condition[], more: readonly EnvoyConfig[] = []): EnvoyConfig {
  const [path, ...others] = conditions.filter(({ field }) => field === 'path-pattern');
  const sources = conditions.flatMap((one) => (one.field === 'source-ip' ? [cameFrom(one.values)] : []));
  const rest = conditions.filter((condition) => condition !== path && condition.field !== 'source-ip');
  if (others.length > 0) throw new Error('a listener rule has at most one path condition');
  const headers = [...rest.map(headerMatcher), ...more];
  return {
    // Envoy's own match of the path leaves the query out, as the load balancer does.
    ...(path === undefined ? { prefix: '/' } : { safe_regex: { regex: anyOf(path as Texts) } }),
    ...(headers.length === 0 ? {} : { headers }),
    ...(sources.length === 0 ? {} : { filter_state: sources }),
  };
}

function headerMatcher(condition: Condition): EnvoyConfig {
  switch (condition.field) {
    case 'path-pattern':
      throw new Error('the path is no header');
    case 'host-header': {
      const regexes = (condition.regexes ?? []).map(beforePort);
      return { name: ':authority', ...matching(`(?i)${anyOf({ values: condition.values, regexes })}(?::\\d+)?`) };
    }
    case 'http-request-method':
      return { name: ':method', ...matching(either(condition.values.map((value) => patternToRegex(value)))) };
    case 'http-header': {
      const { name, values, regexes = [] } = condition;
      // Values are compared without regard to case, expressions as they are written.
      const wanted = [...values.map((value) => `(?i:${patternToRegex(value)})`), ...regexes.map(foundAnywhere)];
      return { name: name.toLowerCase(), ...matching(either(wanted)) };
    }
    case 'query-string':
      // "The comparison is not case sensitive."
      return { name: ':path', ...matching(`(?i)[^?]*\\?(?:.*&)?${queryPattern(condition.values)}(?:&.*)?`) };
    case 'source-ip':
      throw new Error('an address is no header');
  }
}

function queryPattern(values: Extract<Condition, { field: 'query-string' }>['values']): string {
  return either(
    values.map(({ key, value }) => {
      const name = key === undefined ? '[^=&]*' : escapablePattern(key, '[^=&]');
      return `${name}=${escapablePattern(value, '[^&]')}`;
    }),
  );
}
