/** What a template's values come to, as far as that is known before the deploy. */
import { isIntrinsic } from './findings.ts';
import { ownOf } from '../aws-shapes/own.ts';

/** What `Ref` gives, by name. */
export type Variables = Readonly<Record<string, string>>;

/** The one function that a value is a call of; no name where it is none. */
export function callIn(value: unknown): readonly [name: string, argument: unknown] {
  const [only] = isIntrinsic(value) ? Object.entries(value as Record<string, unknown>) : [];
  return only ?? ['', undefined];
}

/** @returns undefined where it is known only at the deploy */
export function textOf(value: unknown, variables: Variables): string | undefined {
  // CloudFormation takes `true` and `1` for text.
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  const [name, argument] = callIn(value);
  if (name === 'Ref') return typeof argument === 'string' ? ownOf(variables, argument) : undefined;
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    const text = argument.replaceAll(
      /\$\{([\w:]+)\}/g,
      (whole, variable: string) => ownOf(variables, variable) ?? whole,
    );
    return text.includes('${') ? undefined : text;
  }
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const parts = argument[1].map((part) => textOf(part, variables));
    return parts.includes(undefined) ? undefined : parts.join(String(argument[0]));
  }
  return undefined;
}

/** Parameters whose `Ref` is a list: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html#parameters-section-structure-properties-type */
export const isListType = (type: string): boolean => type === 'CommaDelimitedList' || type.includes('List<');

/** A template's value with what is known of its functions in their place. @param lists names of parameters that are lists */
export function knownIn(node: unknown, variables: Variables, lists: ReadonlySet<string>): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((one) => knownIn(one, variables, lists));
  const [name, argument] = callIn(node);
  if (name === 'Ref' && typeof argument === 'string' && lists.has(argument))
    return (
      ownOf(variables, argument)
        ?.split(',')
        .map((part) => part.trim()) ?? node
    );
  if (name === 'Fn::Select' && Array.isArray(argument)) {
    const [index, list] = argument.map((one) => knownIn(one, variables, lists)) as [unknown, unknown];
    const chosen: unknown = Array.isArray(list) ? list[Number(index)] : undefined;
    return chosen ?? node;
  }
  if (name !== '') return textOf(node, variables) ?? node;
  return Object.fromEntries(Object.entries(node).map(([key, one]) => [key, knownIn(one, variables, lists)]));
}
