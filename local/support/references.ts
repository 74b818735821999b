/**
 * Names that a template refers to and does not have, which CloudFormation refuses:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-validation-error
 */
import { hasAttribute } from './aws/schema.ts';
import { shown } from './aws/schema-sentences.ts';
import type { Template } from './check.ts';
import { circleIn } from './circle.ts';
import { callIn } from './known-values.ts';

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

/** The names of each kind that can be referred to. */
interface Names {
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

/** `${!Literal}` is text: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html */
const SUBSTITUTED = /\$\{\s*([^!{}\s][^{}\s]*)\s*\}/g;

const cutAtDot = (name: string): [before: string, after: string] => {
  const at = name.indexOf('.');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
};
const beforeDot = (name: string): string => cutAtDot(name)[0];

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const textsIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

/** What is referred to by a call, but for what its arguments refer to. */
function namesIn(name: string, argument: unknown): string[] {
  const [first] = listOf(argument);
  if (name === 'Ref') return textsIn(argument);
  if (name === 'Fn::GetAtt') return textsIn(first).map(beforeDot);
  return name === 'Fn::Sub' ? namesUsed(argument).map(beforeDot) : [];
}

/** Those that `Fn::Sub` puts in, but for its own. */
function namesUsed(argument: unknown): string[] {
  const [first, second] = listOf(argument);
  const own = typeof second === 'object' && second !== null ? Object.keys(second) : [];
  const used = textsIn(first).flatMap((text) => [...text.matchAll(SUBSTITUTED)].map(([, variable = '']) => variable));
  return used.filter((variable) => !own.includes(variable));
}

/** The attribute that is named, and of what; `Fn::Sub` has both in one. */
function attributesIn(name: string, argument: unknown): [resource: string, attribute: string][] {
  if (name === 'Fn::Sub')
    return namesUsed(argument).flatMap((one): [string, string][] => (one.includes('.') ? [cutAtDot(one)] : []));
  if (name !== 'Fn::GetAtt') return [];
  if (typeof argument === 'string') return [cutAtDot(argument)];
  const [resource, attribute] = listOf(argument);
  return typeof resource === 'string' && typeof attribute === 'string' ? [[resource, attribute]] : [];
}

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

const missing = (names: readonly string[], path: string, has: ReadonlySet<string>, what: string): Found[] =>
  names
    .filter((one) => !has.has(one) && !PSEUDO.includes(one))
    .map((one) => ({ path, note: `${shown(one)}: ${what}` }));

const NOT_MADE = 'the stack has no resource or parameter of that name';
const NO_CONDITION = 'the template has no condition of that name';
const NO_MAPPING = 'the template has no mapping of that name';

/** The names within what a condition decides. */
const conditional = (names: Names): Names => ({ ...names, made: names.written });

function within(node: unknown, path: string, names: Names): Found[] {
  if (typeof node !== 'object' || node === null) return [];
  const [name, argument] = callIn(node);
  const [first] = listOf(argument);
  const own = [
    ...missing(namesIn(name, argument), path, names.made, NOT_MADE),
    ...withoutAttribute(name, argument, path, names.types),
    ...outsideList(name, argument, path),
  ];
  if (name === 'Fn::FindInMap') own.push(...missing(textsIn(first), path, names.mappings, NO_MAPPING));
  if (name === 'Fn::If') {
    own.push(...missing(textsIn(first), path, names.conditions, NO_CONDITION));
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
  const names: Names = {
    types: new Map(Object.entries(written.Resources).map(([id, { Type }]) => [id, Type])),
    made: nameable(template),
    written: nameable(written),
    conditions: new Set(keys(written.Conditions)),
    mappings: new Set(keys(written['Mappings'])),
  };
  const of = (id: string, type: string, condition: string | undefined, value: unknown, after?: unknown): Dangling[] =>
    [
      ...missing(textsIn(condition), 'Condition', names.conditions, NO_CONDITION),
      // With a condition, that of what is referred to may be the same.
      ...within(value, '', condition === undefined ? names : conditional(names)),
      // A resource that a condition leaves out is no longer waited for.
      ...missing(listOf(after).flatMap(textsIn), 'DependsOn', names.written, NOT_MADE),
    ].map((found) => ({ id, type, ...found }));
  return [
    ...Object.entries(template.Resources).flatMap(([id, { Type, Condition, Properties, DependsOn }]) =>
      of(id, Type, Condition, Properties, DependsOn),
    ),
    ...Object.entries(template.Outputs).flatMap(([id, { Condition, ...output }]) =>
      of(id, 'output', Condition, output),
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
