/** ARNs of load balancers and of what belongs to them. */
import { textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

/** @param what as AWS calls it */
export function arnRefusals(path: string, code: string, value: unknown, what: string): Refusal[] {
  const arn = textIn(value);
  return arn === undefined || /^arn:[^:]+:elasticloadbalancing:/.test(arn)
    ? []
    : [says(path, code, `'${shown(arn)}' is not a valid ${what} ARN`)];
}
