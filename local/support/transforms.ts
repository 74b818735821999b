/** Transforms that a template asks for: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-section-structure.html */
import { z } from 'zod';

/** Its functions are resolved at the deploy as others are; only a loop makes other resources than those that one reads. */
const EXTENSIONS = 'AWS::LanguageExtensions';
const LOOP = 'Fn::ForEach';

const Name = z.union([z.string(), z.looseObject({ Name: z.string() }).transform((one) => one.Name)]);
const Names = z.union([z.array(Name), Name.transform((one) => [one])]).catch([]);
const Declaring = z.looseObject({ Transform: z.unknown() });

function within(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (key.startsWith(LOOP)) return [`${EXTENSIONS} (${key})`];
    return key === 'Fn::Transform' ? Names.parse(value) : within(value);
  });
}

/** @param template as it was read: a loop stands where a resource would be */
export function transformsIn(template: unknown): string[] {
  const declared = Names.parse(Declaring.safeParse(template).data?.Transform);
  return [...new Set([...declared.filter((name) => name !== EXTENSIONS), ...within(template)])];
}
