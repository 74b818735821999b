/**
 * Which conditions of a template hold, and what of the template is left then: before the deploy, so that nobody is asked
 * for what is not made. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
 */
import type { Template } from './check.ts';
import { callIn, textOf, type Variables } from './known-values.ts';

/** Undefined where it is known only at the deploy. */
type Truth = boolean | undefined;

/** True if one is, false if none can be. */
function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}
const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

/** @returns whether a condition holds, by name */
export function conditionsOf(conditions: Readonly<Record<string, unknown>>, variables: Variables) {
  const truth = (node: unknown, within: readonly string[]): Truth => {
    const [name, argument] = callIn(node);
    if (name === 'Condition') return typeof argument === 'string' ? named(argument, within) : undefined;
    if (!Array.isArray(argument)) return undefined;
    const parts: readonly unknown[] = argument;
    switch (name) {
      case 'Fn::Equals': {
        const [left, right] = parts.map((part) => textOf(part, variables));
        return left === undefined || right === undefined ? undefined : left === right;
      }
      case 'Fn::Not':
        return not(truth(parts[0], within));
      case 'Fn::Or':
        return some(parts.map((part) => truth(part, within)));
      case 'Fn::And':
        return not(some(parts.map((part) => not(truth(part, within)))));
      default:
        return undefined;
    }
  };
  // Conditions that need each other in a circle are for CloudFormation to refuse.
  const named = (name: string, within: readonly string[]): Truth =>
    within.includes(name) || !Object.hasOwn(conditions, name) ? undefined : truth(conditions[name], [...within, name]);
  return (name: string): Truth => named(name, []);
}

/** The member is left out: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html#cfn-pseudo-param-novalue */
const NO_VALUE = Symbol('AWS::NoValue');

/** A value with the branch of each `Fn::If` that is taken, where that is known. */
function chosen(node: unknown, holds: (name: string) => Truth): unknown {
  const [name, argument] = callIn(node);
  if (name === 'Ref' && argument === 'AWS::NoValue') return NO_VALUE;
  if (name === 'Fn::If' && Array.isArray(argument) && argument.length === 3) {
    const [condition, yes, no] = argument as unknown[];
    const truth = typeof condition === 'string' ? holds(condition) : undefined;
    return truth === undefined ? node : chosen(truth ? yes : no, holds);
  }
  if (Array.isArray(node)) return node.map((one) => chosen(one, holds)).filter((one) => one !== NO_VALUE);
  return typeof node === 'object' && node !== null ? membersChosen(node, holds) : node;
}

function membersChosen(node: object, holds: (name: string) => Truth): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(node)
      .map(([key, value]) => [key, chosen(value, holds)] as const)
      .filter(([, value]) => value !== NO_VALUE),
  );
}

/** A template without what its conditions leave out. What can't be known is there. */
export function withoutFalse(template: Template, variables: Variables): Template {
  const holds = conditionsOf(template.Conditions, variables);
  const left = <T extends { readonly Condition?: string | undefined }>(all: Readonly<Record<string, T>>) =>
    Object.entries(all).filter(([, { Condition }]) => Condition === undefined || holds(Condition) !== false);
  return {
    ...template,
    Resources: Object.fromEntries(
      left(template.Resources).map(([id, one]) => [id, { ...one, Properties: membersChosen(one.Properties, holds) }]),
    ),
    Outputs: Object.fromEntries(left(template.Outputs).map(([id, one]) => [id, membersChosen(one, holds)])),
  };
}
