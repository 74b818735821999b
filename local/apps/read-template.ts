/** Reads a CloudFormation template, JSON or YAML with its short forms. */
import { readFileSync } from 'node:fs';
import { parseDocument, type ScalarTag, type CollectionTag, visit, YAMLMap, YAMLSeq } from 'yaml';
import { oneLine } from '../region/one-line.ts';
import { Template } from '../support/check.ts';
import { FUNCTIONS } from '../support/functions.ts';
import { formLines, isTooDeep, LARGEST_TEMPLATE, mayBeTooDeep } from '../support/template-form.ts';
import { transformsIn } from '../support/transforms.ts';
import { Complaint } from '../region/complaint.ts';

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
export function readTemplate(file: string): Template {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Complaint(`${file} can't be read: give a CloudFormation template (${oneLine(error)})`);
  }
  return withoutTransforms(rawIn(text, file), file);
}

/** @param from what is named in a complaint */
export const parseTemplate = (text: string, from: string): Template => templateIn(rawIn(text, from), from);

const noTemplate = (from: string, why: string): Complaint => new Complaint(`${from} is no template: ${why}`);
const FORMAT_ERROR = 'Template format error:';
const TOO_DEEP = 'it is nested more than 500 deep';

function rawIn(text: string, from: string): unknown {
  if (Buffer.byteLength(text) > LARGEST_TEMPLATE)
    throw noTemplate(from, `Template may not exceed ${LARGEST_TEMPLATE} bytes in size.`);
  if (mayBeTooDeep(text)) throw noTemplate(from, TOO_DEEP);
  try {
    // JSON is YAML too. Version 1.1 is CloudFormation's: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
    // What it would warn of is refused, or said by the check.
    const options = { version: '1.1', schema: 'core', customTags: CUSTOM_TAGS, logLevel: 'error' } as const;
    const document = parseDocument(text, options);
    const [error] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
    if (error !== undefined) throw error;
    // The same page; it also keeps a few lines from being gigabytes.
    const seen = { alias: false };
    visit(document, {
      Alias: () => {
        seen.alias = true;
        return visit.BREAK;
      },
    });
    if (seen.alias) throw new Error('Template format error: YAML aliases are not allowed in CloudFormation templates');
    return document.toJS();
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw noTemplate(from, message.startsWith(FORMAT_ERROR) ? message : `${FORMAT_ERROR} ${message.replace(/:$/, '')}`);
  }
}

function templateIn(raw: unknown, from: string): Template {
  const [line, ...more] = formLines(raw);
  if (line !== undefined) throw noTemplate(from, [line, ...more.slice(0, 9)].join('\n'));
  const parsed = Template.safeParse(raw);
  if (!parsed.success) throw noTemplate(from, oneLine(parsed.error));
  return parsed.data;
}

/** Where YAML would merge the members of another mapping, which CloudFormation does not: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html */
function mergeIn(node: unknown, path: readonly string[] = []): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  if ('<<' in node) return path.join('.');
  for (const [key, member] of Object.entries(node)) {
    const found = mergeIn(member, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws Complaint when something other than the template itself would be deployed */
export function withoutTransforms(raw: unknown, from: string): Template {
  if (isTooDeep(raw)) throw noTemplate(from, TOO_DEEP);
  const merge = mergeIn(raw);
  if (merge !== undefined)
    throw new Complaint(`${from} has << in ${merge}, which CloudFormation does not merge: write its members there`);
  const transforms = transformsIn(raw);
  if (transforms.length === 0) return templateIn(raw, from);
  throw new Complaint(
    `${from} needs ${transforms.join(', ')}, and transforms are not run here: give the template that comes out, as \`aws cloudformation get-template --template-stage Processed\` prints it`,
  );
}
