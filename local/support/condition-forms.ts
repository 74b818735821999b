/** Conditions that CloudFormation does not take: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
import { listOf, textIn } from './aws/given.ts';
import { shown } from './aws/schema-sentences.ts';
import { circleIn } from './circle.ts';
import { callsIn, oddCall } from './functions.ts';
import { callIn } from './known-values.ts';

const NOT_ONE = 'Template format error: Conditions can only be boolean operations on parameters and other conditions';
const MANY = (name: string): string =>
  `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`;
/** Functions that need what is made, and the one that needs a condition. */
const NOT_HERE = ['Fn::GetAtt', 'Fn::ImportValue', 'Fn::If'];

/** A truth, down to what is compared. */
function oddTruth(node: unknown): string[] {
  const [name, argument] = callIn(node);
  const parts = listOf(argument);
  const isList = Array.isArray(argument);
  switch (name) {
    case 'Condition':
      return typeof argument === 'string' ? [] : [NOT_ONE];
    case 'Fn::Equals':
      return isList && parts.length === 2
        ? oddValues(parts)
        : ['Template error: Fn::Equals requires a list argument with two elements'];
    case 'Fn::Not':
      return isList && parts.length === 1
        ? oddTruth(parts[0])
        : ['Template error: Fn::Not requires a list argument with one element'];
    case 'Fn::And':
    case 'Fn::Or':
      return isList && parts.length >= 2 && parts.length <= 10 ? parts.flatMap(oddTruth) : [MANY(name)];
    default:
      return [NOT_ONE];
  }
}

const oddValues = (values: readonly unknown[]): string[] =>
  callsIn(values, '').flatMap(({ name, argument }) => {
    if (NOT_HERE.includes(name)) return [NOT_ONE];
    return oddCall(name, argument) ?? [];
  });

/** What a condition names by calls of a function. */
const namedBy = (call: string, condition: unknown): string[] =>
  callsIn(condition, '').flatMap(({ name, argument }) => (name === call ? (textIn(argument) ?? []) : []));

/** `Ref` and `Fn::Sub` of what is no parameter. */
function notParameters(condition: unknown, parameters: ReadonlySet<string>): string[] {
  const others = namedBy('Ref', condition).filter((name) => !parameters.has(name) && !name.startsWith('AWS::'));
  return others.length === 0
    ? []
    : [
        `Template format error: Unresolved dependencies [${shown(others.join(', '))}]. Cannot reference resources in the Conditions block of the template`,
      ];
}

/** @returns by name what is wrong with a condition */
export function oddConditions(
  conditions: Readonly<Record<string, unknown>>,
  parameters: ReadonlySet<string>,
): [name: string, note: string][] {
  const needs = new Map(Object.entries(conditions).map(([name, one]) => [name, namedBy('Condition', one)]));
  const circle = circleIn(needs);
  const each = Object.entries(conditions).flatMap(([name, condition]) => {
    const unknown = (needs.get(name) ?? []).filter((other) => !needs.has(other));
    return [
      ...new Set([
        ...oddTruth(condition),
        ...unknown.map(
          (other) =>
            `Template format error: Unresolved condition dependency ${shown(other)} in the Conditions block of the template`,
        ),
        ...notParameters(condition, parameters),
      ]),
    ].map((note): [string, string] => [name, note]);
  });
  const [first = ''] = circle;
  return circle.length === 0
    ? each
    : [
        ...each,
        [first, `Template format error: Circular dependency between conditions: [${circle.slice(0, -1).join(', ')}]`],
      ];
}
