/**
 * Names that a template refers to and does not have, which CloudFormation refuses:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-validation-error
 */
import { hasAttribute } from './aws/schema.ts';
import { shown } from './aws/schema-sentences.ts';
import type { Template } from './check.ts';
import { circleIn } from './circle.ts';
import { callIn } from './known-values.ts';
import { attributesIn, listOf, namesIn, textsIn } from './names-in.ts';

export interface Dangling {
  /** Of the resource or output that refers to it. */
  readonly id: string;
  readonly type: string;
  /** Such as `Environment[0].Value`. */
  readonly path: string;
  readonly note: string;
}

interface Found {
  readonly path: string;
  readonly note: string;
}

type Block = 'Resources' | 'Outputs';

/** The names of each kind that can be referred to. */
interface Names {
  /** Where they are referred to. */
  readonly block: Block;
  /** The type of each resource. */
  readonly types: ReadonlyMap<string, string>;
  readonly made: ReadonlySet<string>;
  /** Those, and what may be there when a condition that is not known decides. */
  readonly written: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
  readonly mappings: ReadonlySet<string>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const PSEUDO = [
  'AccountId',
  'NotificationARNs',
  'NoValue',
  'Partition',
  'Region',
  'StackId',
  'StackName',
  'URLSuffix',
].map((name) => `AWS::${name}`);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html */
const withoutAttribute = (name: string, argument: unknown, path: string, types: ReadonlyMap<string, string>): Found[] =>
  attributesIn(name, argument).flatMap(([resource, attribute]) => {
    const type = types.get(resource);
    return type === undefined || hasAttribute(type, attribute)
      ? []
      : [
          {
            path,
            note: `Template error: resource ${resource} does not support attribute type ${shown(attribute)} in Fn::GetAtt`,
          },
        ];
  });

/** Zones of the region: a, b and c, as ministack's `Fn::GetAZs` has them. */
const ZONES = 3;

function outsideList(name: string, argument: unknown, path: string): Found[] {
  const [index, given] = listOf(argument);
  const list = callIn(given)[0] === 'Fn::GetAZs' ? Array.from({ length: ZONES }) : given;
  const isOutside =
    name === 'Fn::Select' && Array.isArray(list) && /^-?\d+$/.test(String(index)) && !(Number(index) in list);
  return isOutside
    ? [{ path, note: `Template error: Fn::Select cannot select nonexistent value at index ${String(index)}` }]
    : [];
}

const missing = (
  names: readonly string[],
  path: string,
  has: ReadonlySet<string>,
  note: (name: string) => string,
): Found[] =>
  names.filter((one) => !has.has(one) && !PSEUDO.includes(one)).map((one) => ({ path, note: note(shown(one)) }));

/** CloudFormation's sentences; the control plane has the same in template_references.py, with where each is quoted. */
const notMade = (block: Block) => (name: string) =>
  `Template format error: Unresolved resource dependencies [${name}] in the ${block} block of the template`;
const noCondition = (block: Block) => (name: string) =>
  `Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`;
const undefinedResource = (name: string) =>
  `Template error: instance of Fn::GetAtt references undefined resource ${name}`;
const notDecided = (name: string) => `Template error: unresolved condition dependency ${name} in Fn::If`;
const notMapped = (name: string) =>
  `Template error: Mapping named '${name}' is not present in the 'Mappings' section of template.`;

/** The names within what a condition decides. */
const conditional = (names: Names): Names => ({ ...names, made: names.written });

function within(node: unknown, path: string, names: Names): Found[] {
  if (typeof node !== 'object' || node === null) return [];
  const [name, argument] = callIn(node);
  const [first] = listOf(argument);
  const isUndefined = name === 'Fn::GetAtt' && namesIn(name, argument).some((one) => !names.written.has(one));
  const own = [
    ...missing(namesIn(name, argument), path, names.made, isUndefined ? undefinedResource : notMade(names.block)),
    ...withoutAttribute(name, argument, path, names.types),
    ...outsideList(name, argument, path),
  ];
  if (name === 'Fn::FindInMap') own.push(...missing(textsIn(first), path, names.mappings, notMapped));
  if (name === 'Fn::If') {
    own.push(...missing(textsIn(first), path, names.conditions, notDecided));
    return [...own, ...within(argument, path, conditional(names))];
  }
  if (name !== '') return [...own, ...within(argument, path, names)];
  return Object.entries(node).flatMap(([key, member]: [string, unknown]) => {
    const step = Array.isArray(node) ? `[${key}]` : path === '' ? key : `.${key}`;
    return within(member, `${path}${step}`, names);
  });
}

const keys = (part: unknown): string[] => (typeof part === 'object' && part !== null ? Object.keys(part) : []);

/**
 * @param template what is deployed
 * @param written the same with what its conditions leave out
 */
export function danglingIn(template: Template, written: Template): Dangling[] {
  const nameable = ({ Parameters, Resources }: Template) => new Set([...keys(Parameters), ...keys(Resources)]);
  const all: Omit<Names, 'block'> = {
    types: new Map(Object.entries(written.Resources).map(([id, { Type }]) => [id, Type])),
    made: nameable(template),
    written: nameable(written),
    conditions: new Set(keys(written.Conditions)),
    mappings: new Set(keys(written['Mappings'])),
  };
  const of = (
    [id, type, block]: [id: string, type: string, block: Block],
    condition: string | undefined,
    value: unknown,
    after?: unknown,
  ): Dangling[] => {
    const names = { ...all, block };
    // With a condition, that of what is referred to may be the same.
    const seen = condition === undefined ? names : conditional(names);
    return [
      ...missing(textsIn(condition), 'Condition', names.conditions, noCondition(block)),
      ...within(value, '', seen),
      ...missing(listOf(after).flatMap(textsIn), 'DependsOn', seen.made, notMade(block)),
    ].map((found) => ({ id, type, ...found }));
  };
  return [
    ...Object.entries(template.Resources).flatMap(([id, { Type, Condition, Properties, DependsOn }]) =>
      of([id, Type, 'Resources'], Condition, Properties, DependsOn),
    ),
    ...Object.entries(template.Outputs).flatMap(([id, { Condition, ...output }]) =>
      of([id, 'output', 'Outputs'], Condition, output),
    ),
  ];
}

/** What a value needs to be made before. */
function needed(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const [name, argument] = callIn(node);
  return name === '' ? Object.values(node).flatMap(needed) : [...namesIn(name, argument), ...needed(argument)];
}

/**
 * Resources that need each other, which CloudFormation refuses:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependence-error
 * @returns the circle, its first name at the end again; empty where there is none
 */
export function circleOf({ Resources }: Template): string[] {
  return circleIn(
    new Map(
      Object.entries(Resources).map(([id, { Properties, DependsOn }]) => [
        id,
        [...listOf(DependsOn).flatMap(textsIn), ...needed(Properties)].filter((name) => Object.hasOwn(Resources, name)),
      ]),
    ),
  );
}
