/**
 * The form of a template, before anything of it is read: what CloudFormation's ValidateTemplate refuses.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html and cloudformation-limits.html
 */
import KNOWN from '../control-plane/template-members.json' with { type: 'json' };
import {
  error,
  isLoop,
  isObject,
  mappingLines,
  memberLines,
  parameterLines,
  resourceLines,
  type Members,
} from './template-members.ts';

const VERSION = '2010-09-09';
/** Bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LONGEST_DESCRIPTION = 1024;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;
export const LARGEST_TEMPLATE = 1_000_000;

/** No template of a person or of CDK comes near, and readers that call themselves stay far from the end of their stack. */
const DEEPEST = 500;

/**
 * Whether a text may be deeper, before a reader that calls itself is let at it: brackets that are open, and what stands
 * before the first word of a line, where YAML begins a list in a list with each hyphen.
 */
export function mayBeTooDeep(text: string): boolean {
  let open = 0;
  for (const sign of text) {
    if (sign === '[' || sign === '{') open += 1;
    else if ((sign === ']' || sign === '}') && open > 0) open -= 1;
    if (open > DEEPEST) return true;
  }
  return text.split('\n').some((line) => (/^[\s?-]*/.exec(line)?.[0].length ?? 0) > DEEPEST);
}

/** Without calls of itself: it is what keeps others from going too deep. */
export function isTooDeep(raw: unknown): boolean {
  let level: unknown[] = [raw];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((node): unknown[] => (typeof node === 'object' && node !== null ? Object.values(node) : []));
  }
  return false;
}

function headLines({ AWSTemplateFormatVersion: version, Description }: Members): string[] {
  const isVersion = version === undefined || version === VERSION || version instanceof Date;
  return [
    ...(isVersion ? [] : [error('unsupported value for AWSTemplateFormatVersion.')]),
    ...(Description === undefined || typeof Description === 'string'
      ? []
      : [error('[/Description] the description is no text')]),
    ...(typeof Description === 'string' && Buffer.byteLength(Description) > LONGEST_DESCRIPTION
      ? [error(`Template description may not exceed ${LONGEST_DESCRIPTION} bytes`)]
      : []),
  ];
}

/** Paths are AWS's, which has `Type` in the place of `Properties`; nobody but those who met it writes the sentence down. */
function nullsIn(node: unknown, path = ''): string[] {
  if (node === null) return [`[${path}] 'null' values are not allowed in templates`];
  if (typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([key, member]: [string, unknown]) => {
    const isOfResource = key === 'Properties' && member !== null && path.split('/').length === 3;
    return nullsIn(member, `${path}/${isOfResource ? 'Type' : key}`);
  });
}

/** @returns a line for each thing that is wrong */
export function formLines(raw: unknown): string[] {
  if (!isObject(raw)) return [error('unsupported structure.')];
  const sections = Object.keys(raw).filter((name) => !KNOWN.sections.includes(name) && !isLoop(name));
  if (sections.length > 0) return [`Invalid template property or properties [${sections.join(', ').slice(0, 200)}]`];
  const nothing = nullsIn(raw);
  if (nothing.length > 0) return nothing;
  const notObjects = (['Resources', 'Parameters', 'Outputs', 'Mappings', 'Conditions'] as const).filter(
    (name) => raw[name] !== undefined && !isObject(raw[name]),
  );
  if (notObjects.length > 0) return notObjects.map((name) => error(`Any ${name} member must be a JSON object.`));
  const { Resources = {} } = raw as { readonly Resources?: Members };
  if (Object.keys(Resources).length === 0) return [error('At least one Resources member must be defined.')];
  const many = (Object.keys(MOST) as (keyof typeof MOST)[]).flatMap((name) => {
    const count = Object.keys((raw[name] as Members | undefined) ?? {}).length;
    return count > MOST[name]
      ? [error(`Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${MOST[name]}`)]
      : [];
  });
  const { Parameters = {}, Outputs = {}, Mappings = {} } = raw as Readonly<Record<string, Members>>;
  const shared = Object.keys(Parameters).filter((id) => Object.hasOwn(Resources, id));
  return [
    ...many,
    ...headLines(raw),
    ...memberLines('Parameters', 'Parameter', Parameters, KNOWN.parameter),
    ...parameterLines(Parameters),
    ...memberLines('Outputs', 'Output', Outputs, KNOWN.output),
    ...mappingLines(Mappings),
    ...shared.map((id) => error(`Logical IDs are unique in a template: ${id} is a parameter and a resource`)),
    ...Object.entries(Resources).flatMap(([id, one]) => resourceLines(id, one)),
  ];
}
