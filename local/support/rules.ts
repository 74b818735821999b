/**
 * How the list of what is supported is written: for each kind of object the properties that are read, taken from the
 * agent's own schemas, and beside them the ones that are known and not read, each with a reason. A property on neither
 * list is not supported. Names are CloudFormation's.
 */
import { z } from 'zod';

/** Left out without harm, or not supported at all; the note says what is different here. */
export type Rule = { readonly ignored: string } | Refused;
export type Refused = { readonly refused: string; readonly remedy: string };

export interface Shape {
  /** Properties that take effect. */
  readonly reads: readonly string[];
  /** Properties that do not. */
  readonly others: Readonly<Record<string, Rule>>;
  /** The values that a property may have, where not every one will do; checked when the template says the value. */
  readonly values: Readonly<Record<string, { readonly schema: z.ZodType; readonly rule: Rule }>>;
  /** Of each list one property has to be there: CloudFormation's default is not supported. */
  readonly required: readonly { readonly oneOf: readonly string[]; readonly rule: Refused }[];
  /** Properties that are objects, or lists of them, with rules of their own. */
  readonly parts: Readonly<Record<string, Shape>>;
}

export const ignored = (note: string): Rule => ({ ignored: note });
export const refused = (note: string, remedy: string): Refused => ({ refused: note, remedy });

/** Of every resource that can have them. */
export const TAGS = { Tags: ignored('nothing reads tags') };

export const capitalised = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** The object in a schema of the agent, below what is done with it when it was read. */
function objectIn(schema: z.ZodType): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe) return objectIn(schema.in as z.ZodType);
  if (schema instanceof z.ZodArray) return objectIn(schema.element as z.ZodType);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return objectIn(schema.unwrap() as z.ZodType);
  throw new Error(`${schema.constructor.name} is no object with properties`);
}

/**
 * The properties that a schema of the agent reads.
 * @param answered what is in the API's answer and not in a template
 */
export function propertiesOf(schema: z.ZodType, answered: readonly string[] = []): string[] {
  return Object.keys(objectIn(schema).shape)
    .map(capitalised)
    .filter((name) => !answered.includes(name));
}

/** The schema of one of them. */
export function partOf(schema: z.ZodType, name: string): z.ZodType {
  const part: unknown = objectIn(schema).shape[name];
  if (part === undefined) throw new Error(`the schema has no ${name}: it has ${propertiesOf(schema).join(', ')}`);
  return part as z.ZodType;
}

export function shape({
  reads,
  others = {},
  values = {},
  required = [],
  parts = {},
}: Partial<Shape> & Pick<Shape, 'reads'>): Shape {
  return { reads, others, values, required, parts };
}
