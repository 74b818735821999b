import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SHAPES } from './resource-types.ts';
import type { Shape } from './rules.ts';

/** What is known of a property in AWS's schema, as far as it is needed here. */
interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly $ref?: string;
}
const Table = z.object({
  schemas: z.record(z.string(), z.custom<Node & { readonly definitions: Record<string, Node> }>()),
});
const { schemas } = Table.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'aws/schemas.json'), 'utf8')));

/** The properties of an object in a schema, through lists and references; undefined for a leaf and for a map. */
function propertiesOf(
  node: Node,
  definitions: Readonly<Record<string, Node>>,
): Readonly<Record<string, Node>> | undefined {
  if (node.properties !== undefined) return node.properties;
  if (node.items !== undefined) return propertiesOf(node.items, definitions);
  const name = node.$ref?.split('/').at(-1);
  const referred = name === undefined ? undefined : definitions[name];
  return referred === undefined ? undefined : propertiesOf(referred, definitions);
}

/** Paths that AWS has and no rule names, and paths of rules that AWS does not have. */
function differences(shape: Shape, node: Node, definitions: Readonly<Record<string, Node>>, path: string): string[] {
  const members = propertiesOf(node, definitions);
  if (members === undefined || shape.isMap) return [];
  const ruled = new Set([...shape.reads, ...Object.keys({ ...shape.others, ...shape.values, ...shape.parts })]);
  return [
    ...Object.keys(members)
      .filter((name) => !ruled.has(name))
      .map((name) => `${path}.${name} has no rule`),
    ...[...ruled].filter((name) => !(name in members)).map((name) => `${path}.${name} is not AWS's`),
    // Whatever is an object and read has its own members named, down to the last.
    ...shape.reads.flatMap((name) => {
      const within = members[name] === undefined ? undefined : propertiesOf(members[name], definitions);
      return within === undefined ? [] : [`${path}.${name} is read as a whole`];
    }),
    ...Object.entries(shape.parts).flatMap(([name, part]) =>
      members[name] === undefined ? [] : differences(part, members[name], definitions, `${path}.${name}`),
    ),
  ];
}

test.each(Object.keys(SHAPES))('every property of %s has a rule, down to the last', (type) => {
  const [shape, schema] = [SHAPES[type], schemas[type]];
  if (shape === undefined || schema === undefined)
    throw new Error(`${type} has no schema: write it with npm run aws-schema`);
  expect(differences(shape, schema, schema.definitions, type)).toEqual([]);
});
