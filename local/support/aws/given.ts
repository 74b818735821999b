/** Reads what a template says, as far as it says it: a function of CloudFormation has no value yet. */
import { isIntrinsic } from '../findings.ts';

export type Members = Readonly<Record<string, unknown>>;

/** Nothing where it is none, or is known at the deploy alone. */
export function membersOf(value: unknown): Members {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !isIntrinsic(value) ? (value as Members) : {};
}
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export function textIn(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** Text is a number too, as CloudFormation takes it. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}

export const isFalse = (value: unknown): boolean => textIn(value)?.toLowerCase() === 'false';

/** An element of a list by its name, where it has one. */
export const stepOf = (one: unknown, index: number): string => `[${textIn(membersOf(one)['Name']) ?? String(index)}]`;

/** Elements with their path, by their name where they have one. */
export function namedElements(path: string, value: unknown): [path: string, members: Members][] {
  return listOf(value).map((one, index) => [`${path}${stepOf(one, index)}`, membersOf(one)]);
}

/** The values that are there more than once. */
export function repeatedIn(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
