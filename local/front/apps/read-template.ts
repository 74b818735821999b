/** Reads a CloudFormation template, JSON or YAML with its short forms. */
import { readFileSync } from 'node:fs';
import { parse, type ScalarTag, type CollectionTag, YAMLMap, YAMLSeq } from 'yaml';
import { z } from 'zod';
import { Template } from '../../support/check.ts';
import { Complaint } from '../region/region-file.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html: the functions with a short form */
const FUNCTIONS = [
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

const longName = (short: string): string => (short === 'Ref' || short === 'Condition' ? short : `Fn::${short}`);

function tags(short: string): (ScalarTag | CollectionTag)[] {
  const name = longName(short);
  return [
    { tag: `!${short}`, resolve: (text: string) => ({ [name]: text }) },
    { tag: `!${short}`, collection: 'seq', resolve: (node) => wrapped(name, node) },
    { tag: `!${short}`, collection: 'map', resolve: (node) => wrapped(name, node) },
  ];
}

function wrapped(name: string, node: unknown): unknown {
  const map = new YAMLMap();
  if (node instanceof YAMLMap || node instanceof YAMLSeq) map.set(name, node);
  return map;
}

/** `!GetAtt A.B.C` is the attribute `B.C` of `A`. */
const GET_ATT: ScalarTag = {
  tag: '!GetAtt',
  resolve: (text: string) => ({ 'Fn::GetAtt': [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] }),
};

const CUSTOM_TAGS = [
  ...['Ref', 'Condition', ...FUNCTIONS].flatMap(tags),
  GET_ATT,
  ...tags('GetAtt').filter((tag) => 'collection' in tag),
];

/** @throws Complaint that names the file and what is wrong in it */
export const readTemplate = (file: string): Template => parseTemplate(readFileSync(file, 'utf8'), file);

/** @param from what is named in a complaint */
export function parseTemplate(text: string, from: string): Template {
  let raw: unknown;
  try {
    // JSON is YAML too. Version 1.1 is CloudFormation's: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    raw = parse(text, { version: '1.1', schema: 'core', customTags: CUSTOM_TAGS });
  } catch (error) {
    throw new Complaint(
      `${from} is no template: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    );
  }
  const parsed = Template.safeParse(raw);
  if (!parsed.success)
    throw new Complaint(`${from} is no template: ${z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ')}`);
  return parsed.data;
}
