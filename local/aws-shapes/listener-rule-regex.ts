/** Regular expressions of listener rules: AWS's are those that RE2 has, and Envoy has RE2. */
import { RE2JS } from 're2js';

/**
 * Why a load balancer has no such expression: lookarounds, backreferences, possessive quantifiers, what is no expression at all.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export function faultOfRegex(expression: string): string | undefined {
  try {
    RE2JS.compile(expression);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
  }
}
