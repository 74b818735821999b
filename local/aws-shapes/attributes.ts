/** Keys and values of attributes, as Elastic Load Balancing has them. */
import { z } from 'zod';

export interface Attribute {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Takes the complaint about each attribute that can't be read. */
export type RefuseAttribute = (key: string, value: string, error: z.ZodError) => void;

export const Truth = z
  .string()
  .regex(/^(?:true|false)$/i, 'neither true nor false')
  .transform((text) => text.toLowerCase() === 'true');

/** @returns a reader of a key's value, with another value where it is absent or can't be read */
export function valueReader(given: readonly Attribute[], refuse: RefuseAttribute) {
  return <Value>(key: string, schema: z.ZodType<Value>, otherwise: Value): Value => {
    const value = given.find(({ Key }) => Key === key)?.Value;
    if (value === undefined) return otherwise;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    refuse(key, value, parsed.error);
    return otherwise;
  };
}
