/** What a template's values come to, as far as that is known before the deploy. */
import { isIntrinsic } from './findings.ts';

/** What `Ref` gives, by name. */
export type Variables = Readonly<Record<string, string>>;

/** @returns undefined where it is known only at the deploy */
export function textOf(value: unknown, variables: Variables): string | undefined {
  // CloudFormation takes `true` and `1` for text.
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  if (!isIntrinsic(value)) return undefined;
  const [[name, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
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
