/**
 * How the list of what is supported is written: for each kind of object the properties that are read, taken from the
 * agent's own schemas, and beside them the ones that are known and not read, each with a reason. A property on neither
 * list is not supported. Names are CloudFormation's.
 */
import { z } from 'zod';

/** Left out without harm, left out so that an app may notice, or not supported at all; the note says what is different here. */
export type Rule = { readonly ignored: string } | Warned | Refused;
export type Warned = { readonly warned: string; readonly remedy: string };
export type Refused = { readonly refused: string; readonly remedy: string };

/** The values that a property may have. */
export interface Limit {
  readonly schema: z.ZodType;
  /** Of the others. */
  readonly rule: Rule;
  /** Of some of the others, by value. */
  readonly but?: Readonly<Record<string, Rule>>;
}

export interface Shape {
  /** Properties that take effect. */
  readonly reads: readonly string[];
  /** Properties that do not. */
  readonly others: Readonly<Record<string, Rule>>;
  /** The values that a property may have, where not every one will do; checked when the template says the value. */
  readonly values: Readonly<Record<string, Limit>>;
  /** Of each list one property has to be there: CloudFormation's default is not supported. */
  readonly required: readonly { readonly oneOf: readonly string[]; readonly rule: Refused }[];
  /** Properties that are objects, or lists of them, with rules of their own. */
  readonly parts: Readonly<Record<string, Shape>>;
  /** Whether the names are somebody's own, such as those of a log driver's options, and are left as they are written. */
  readonly isMap: boolean;
  /** Whether names that no rule knows are nothing to speak of, such as options of another driver. */
  readonly isOpen: boolean;
}

export const ignored = (note: string): Rule => ({ ignored: note });
export const warned = (note: string, remedy: string): Warned => ({ warned: note, remedy });
export const refused = (note: string, remedy: string): Refused => ({ refused: note, remedy });

/** Of every resource that can have them. */
export const TAGS = { Tags: ignored('nothing reads tags') };

export const capitalised = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** The object in a schema of the agent, below what is done with it when it was read; undefined where it has no properties. */
function objectWithin(schema: z.ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe) return objectWithin(schema.in as z.ZodType);
  if (schema instanceof z.ZodArray) return objectWithin(schema.element as z.ZodType);
  const isWrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodCatch;
  return isWrapped ? objectWithin(schema.unwrap() as z.ZodType) : undefined;
}

function objectIn(schema: z.ZodType): z.ZodObject {
  const object = objectWithin(schema);
  if (object === undefined) throw new Error(`${schema.constructor.name} is no object with properties`);
  return object;
}

/**
 * The properties that a schema of the agent reads.
 * @param answered what is in the API's answer and not in a template
 */
function propertiesOf(schema: z.ZodType, answered: readonly string[] = []): string[] {
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

type Given = Partial<Omit<Shape, 'reads'>> & { readonly reads?: readonly string[] };

export function shape({
  reads = [],
  others = {},
  values = {},
  required = [],
  parts = {},
  isMap = false,
  isOpen = false,
}: Given): Shape {
  return { reads, others, values, required, parts, isMap, isOpen };
}

/**
 * What a schema of the agent reads, down to the last property.
 * @param more what is read besides, and the rules of what is not
 * @param answered what is in the API's answer and not in a template
 */
export function shapeOf(schema: z.ZodType, more: Given = {}, answered: readonly string[] = []): Shape {
  const own = Object.entries(objectIn(schema).shape).flatMap(([key, part]): [string, Shape][] => {
    const within = objectWithin(part as z.ZodType);
    return within === undefined || answered.includes(capitalised(key)) ? [] : [[capitalised(key), shapeOf(within)]];
  });
  const parts = { ...Object.fromEntries(own), ...more.parts };
  const reads = [...propertiesOf(schema, answered), ...(more.reads ?? [])].filter((name) => !(name in parts));
  return shape({ ...more, reads: [...new Set(reads)], parts });
}
