/**
 * Holds the properties of a resource against AWS's own schema of its type, as CloudFormation does before it makes
 * anything: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import { z } from 'zod';
import { isIntrinsic } from '../findings.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { isCidr } from './cidr.ts';
import { membersOf, stepOf } from './given.ts';
import type { Refusal } from './refusal.ts';
import { sentenceOf } from './schema-sentences.ts';

const Table = z.object({
  schemas: z.record(z.string(), z.custom<AnySchemaObject>()),
  attributes: z.record(z.string(), z.array(z.string())),
});
/** Written by `npm run aws-schema`; read when it is first needed, since no other command needs it. */
let table: z.infer<typeof Table> | undefined;
const known = () =>
  (table ??= Table.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'schemas.json'), 'utf8'))));

const id = (prefix: string): RegExp => new RegExp(`^${prefix}-([0-9A-Fa-f]{8}|[0-9A-Fa-f]{17})$`);

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html */
const FORMATS = {
  'ipv4-network': isCidr,
  'AWS::EC2::Subnet.Id': id('subnet'),
  'AWS::EC2::SecurityGroup.Id': id('sg'),
  'AWS::EC2::VPC.Id': id('vpc'),
};

// Others of the schemas' formats are names and ARNs of what somebody else makes.
const ajv = new Ajv({
  allErrors: true,
  coerceTypes: true,
  strict: false,
  verbose: true,
  logger: false,
  formats: FORMATS,
});
const validators = new Map<string, ValidateFunction>();

function validatorOf(type: string): ValidateFunction | undefined {
  const schema = ownOf(known().schemas, type);
  if (schema === undefined) return undefined;
  const validate = validators.get(type) ?? ajv.compile(schema);
  validators.set(type, validate);
  return validate;
}

/** A copy that may be changed: CloudFormation takes text for numbers and truths, and Ajv puts them in the place of the text. */
function copied(node: unknown, path: string, holes: Set<string>): unknown {
  if (node === 'True' || node === 'False') return node.toLowerCase();
  if (typeof node !== 'object' || node === null) return node;
  if (isIntrinsic(node)) {
    holes.add(path);
    return node;
  }
  if (Array.isArray(node)) return node.map((one, index) => copied(one, `${path}/${index}`, holes));
  const members = Object.entries(node).map(([key, value]) => [
    key,
    copied(value, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, holes),
  ]);
  return Object.fromEntries(members) as unknown;
}

/** `ContainerDefinitions[app].Image` of the pointer `/ContainerDefinitions/0/Image`. */
function pathIn(properties: unknown, pointer: string): string {
  let node = properties;
  let path = '';
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const isElement = Array.isArray(node);
    node = isElement ? (node as unknown[])[Number(name)] : membersOf(node)[name];
    path += isElement ? stepOf(node, Number(name)) : path === '' ? name : `.${name}`;
  }
  return path;
}

/** @param properties what a function stands for is known at the deploy, and is not judged */
export function schemaRefusals(type: string, properties: Readonly<Record<string, unknown>>): Refusal[] {
  const validate = validatorOf(type);
  if (validate === undefined) return [];
  const holes = new Set<string>();
  if (validate(copied(properties, '', holes))) return [];
  const isKnown = ({ instancePath }: ErrorObject) =>
    ![...holes].some((hole) => instancePath === hole || instancePath.startsWith(`${hole}/`));
  return (validate.errors ?? []).filter(isKnown).map((error) => ({
    path: pathIn(properties, error.instancePath),
    note: `Properties validation failed: #${error.instancePath}: ${sentenceOf(error)}`,
  }));
}

/**
 * What `Fn::GetAtt` gives of a type.
 * @returns whether it has an attribute; everything may be one of a type that is not known
 */
export function hasAttribute(type: string, attribute: string): boolean {
  const names = ownOf(known().attributes, type);
  // `Outputs\..*` of a nested stack is a pattern.
  return names === undefined || names.some((name) => name === attribute || new RegExp(`^(?:${name})$`).test(attribute));
}
