/**
 * The arguments of CloudFormation's functions, as far as the template says them, and its sentences for the ones it does
 * not take: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { rangeOf } from './aws/cidr.ts';
import { listOf, numberIn, textIn } from './aws/given.ts';
import { shown } from './aws/schema-sentences.ts';
import { isIntrinsic } from './findings.ts';
import { callIn, textOf, type Variables } from './known-values.ts';
import { ownOf } from '../aws-shapes/own.ts';

/** The functions with a short form, but for `Ref`, `Condition` and `Fn::GetAtt`. */
export const FUNCTIONS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];
const KNOWN = new Set([
  'Ref',
  'Condition',
  'Fn::GetAtt',
  'Fn::GetStackOutput',
  ...FUNCTIONS.map((one) => `Fn::${one}`),
]);

const isText = (value: unknown): boolean => textIn(value) !== undefined;
const isTextOrCall = (value: unknown): boolean => isText(value) || isIntrinsic(value);
const isListOrCall = (value: unknown): boolean => Array.isArray(value) || isIntrinsic(value);
const pair = (argument: unknown): readonly unknown[] | undefined =>
  Array.isArray(argument) && argument.length === 2 ? argument : undefined;
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole = (value: unknown): boolean => /^-?\d+$/.test(textIn(value) ?? '') || isIntrinsic(value);

const JOIN =
  'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.';
const SUB =
  "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string";
const SUB_NAME =
  'variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons';

function oddSub(argument: unknown): string | undefined {
  const [text, own] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  const isTaken = typeof text === 'string' && isObject(own) && (!Array.isArray(argument) || argument.length === 2);
  if (!isTaken) return SUB;
  // `${!Literal}` is text.
  const names = [...text.matchAll(/\$\{([^!}][^}]*|)\}/g)].map(([, name = '']) => name.trim());
  return names.every((name) => /^[A-Za-z0-9_.:]+$/.test(name)) ? undefined : SUB_NAME;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html */
function oddCidr(argument: unknown): string | undefined {
  const [block, count, bits] = listOf(argument);
  const isTaken = Array.isArray(argument) && argument.length >= 2 && argument.length <= 3;
  if (!isTaken || !isTextOrCall(block) || !isWhole(count) || (bits !== undefined && !isWhole(bits)))
    return 'Fn::Cidr takes a list of a CIDR block, a count and the bits of a subnet';
  const [number, hostBits] = [numberIn(count), numberIn(bits)];
  if (number !== undefined && (number < 1 || number > 256)) return 'Fn::Cidr count must be between 1 and 256';
  const text = textIn(block);
  if (text === undefined || text.includes(':')) return undefined;
  const range = rangeOf(text);
  if (range === undefined) return `Fn::Cidr ipBlock ${shown(text)} is not a valid CIDR block`;
  const fit = 2 ** (32 - range.prefix - (hostBits ?? 0));
  return number === undefined || hostBits === undefined || fit >= number
    ? undefined
    : `Fn::Cidr cannot fit ${number} blocks with ${hostBits} CIDR bits in ${text}`;
}

function oddSelect(argument: unknown): string | undefined {
  const [index, list] = pair(argument) ?? [];
  return isWhole(index) && isListOrCall(list)
    ? undefined
    : 'Fn::Select requires a list argument with two elements: an integer index and a list';
}

function oddIf(argument: unknown): string | undefined {
  if (typeof listOf(argument)[0] !== 'string')
    return 'Fn::If requires a list argument with the first element being a condition';
  return listOf(argument).length === 3 ? undefined : 'Fn::If requires a list argument with three elements';
}

function oddAttribute(argument: unknown): string | undefined {
  const [resource, attribute] = pair(argument) ?? [];
  const isTaken =
    typeof argument === 'string'
      ? /^[^.]+\../.test(argument)
      : isTextOrCall(resource) && isTextOrCall(attribute) && resource !== '' && attribute !== '';
  return isTaken
    ? undefined
    : 'every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute';
}

const oneText = (name: string) => (argument: unknown) =>
  isTextOrCall(argument) ? undefined : `every ${name} object must have a String-typed value.`;

/** By name what is wrong with an argument. */
const ODD: Readonly<Record<string, (argument: unknown) => string | undefined>> = {
  Ref: (argument) => (isText(argument) ? undefined : 'every Ref object must have a single String value.'),
  'Fn::GetAtt': oddAttribute,
  'Fn::Sub': oddSub,
  'Fn::Join': (argument) => {
    const [by, list] = pair(argument) ?? [];
    return typeof by === 'string' && isListOrCall(list) && listOf(list).every(isTextOrCall) ? undefined : JOIN;
  },
  'Fn::Select': oddSelect,
  'Fn::Split': (argument) => {
    const [by, text] = pair(argument) ?? [];
    return typeof by === 'string' && by !== '' && isTextOrCall(text)
      ? undefined
      : 'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.';
  },
  'Fn::If': oddIf,
  // The fourth is of AWS::LanguageExtensions.
  'Fn::FindInMap': (argument) =>
    Array.isArray(argument) && [3, 4].includes(argument.length)
      ? undefined
      : 'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
  'Fn::Base64': oneText('Fn::Base64'),
  'Fn::GetAZs': oneText('Fn::GetAZs'),
  'Fn::ImportValue': oneText('Fn::ImportValue'),
  'Fn::Cidr': oddCidr,
};

/** What of a call's own argument CloudFormation does not take. */
export function oddCall(name: string, argument: unknown): string | undefined {
  if (name === '' || name.startsWith('Fn::ForEach')) return undefined;
  if (!KNOWN.has(name)) return `Template error: Encountered unsupported function: ${shown(name)}`;
  const sentence = ownOf(ODD, name)?.(argument);
  return sentence === undefined ? undefined : `Template error: ${sentence}`;
}

type Mappings = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What of a look-up is known before the deploy and leads nowhere. */
export function missingKey(argument: unknown, mappings: Mappings, variables: Variables): string | undefined {
  const keys = listOf(argument)
    .slice(0, 3)
    .map((one) => textOf(one, variables));
  const [map, first, second] = keys;
  // A fourth is a default.
  if (map === undefined || first === undefined || second === undefined || listOf(argument).length > 3) return undefined;
  const mapping = ownOf(mappings, map);
  if (mapping === undefined || ownOf(ownOf(mapping, first) ?? {}, second) !== undefined) return undefined;
  return `Template error: Unable to get mapping for ${shown(keys.join('::'))}`;
}

/** Every call within a value, with its path. */
export function callsIn(node: unknown, path: string): { path: string; name: string; argument: unknown }[] {
  if (typeof node !== 'object' || node === null) return [];
  const [name, argument] = callIn(node);
  if (name !== '') return [{ path, name, argument }, ...callsIn(argument, path)];
  return Object.entries(node).flatMap(([key, member]: [string, unknown]) => {
    const step = Array.isArray(node) ? `[${key}]` : path === '' ? key : `.${key}`;
    return callsIn(member, `${path}${step}`);
  });
}
