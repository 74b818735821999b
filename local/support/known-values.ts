/** What a template's values come to, as far as that is known before the deploy. */
import { isIntrinsic } from './findings.ts';

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
  if (name === 'Ref') return typeof argument === 'string' ? variables[argument] : undefined;
  if (name === 'Fn::Sub' && typeof argument === 'string') {
    const text = argument.replaceAll(/\$\{([\w:]+)\}/g, (whole, variable: string) => variables[variable] ?? whole);
    return text.includes('${') ? undefined : text;
  }
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    const parts = argument[1].map((part) => textOf(part, variables));
    return parts.includes(undefined) ? undefined : parts.join(String(argument[0]));
  }
  return undefined;
}
