/**
 * The form of a template, before anything of it is read: what CloudFormation's ValidateTemplate refuses.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html and cloudformation-limits.html
 */
import { OF_A_PARAMETER } from './template-parameters.ts';

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Hooks',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
];
const OF_AN_OUTPUT = ['Condition', 'Description', 'Export', 'Value'];
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html and aws-attribute-updatereplacepolicy.html */
const POLICIES = {
  DeletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'],
  UpdateReplacePolicy: ['Delete', 'Retain', 'Snapshot'],
} as const;
const VERSION = '2010-09-09';
/** Bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LONGEST_DESCRIPTION = 1024;

const OF_A_RESOURCE = [
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
  'Version',
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST = { Resources: 500, Parameters: 200, Outputs: 200, Mappings: 200 } as const;
export const LARGEST_TEMPLATE = 1_000_000;

/** No template of a person or of CDK comes near, and readers that call themselves stay far from the end of their stack. */
const DEEPEST = 500;

/** CloudFormation's own names are letters and digits: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html */
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;
/** A loop stands where a resource would be; a transform makes resources of it, and is refused for itself. */
const isLoop = (id: string): boolean => id.startsWith('Fn::');

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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

const error = (sentence: string): string => `Template format error: ${sentence}`;

function resourceLines(id: string, resource: unknown): string[] {
  if (isLoop(id)) return [];
  if (!LOGICAL_ID.test(id)) return [error(`Resource name ${id.slice(0, 60)} is non alphanumeric.`)];
  if (!isObject(resource)) return [error(`[/Resources/${id}] resource definition is malformed`)];
  const { Type, Properties, DependsOn } = resource;
  const odd = Object.keys(resource).filter((key) => !OF_A_RESOURCE.includes(key) && !isLoop(key));
  const names = DependsOn === undefined || typeof DependsOn === 'string' ? [] : [DependsOn].flat();
  const isNames =
    typeof DependsOn === 'string' || (Array.isArray(DependsOn) && names.every((one) => typeof one === 'string'));
  return [
    ...(typeof Type === 'string' && Type !== ''
      ? []
      : [
          error(
            Type === undefined
              ? `[/Resources/${id}] Every Resources object must contain a Type member.`
              : `[/Resources/${id}/Type] the type is no text`,
          ),
        ]),
    ...(Properties === undefined || isObject(Properties)
      ? []
      : [error(`[/Resources/${id}/Properties] the properties are no object`)]),
    ...(DependsOn === undefined || isNames
      ? []
      : [error(`[/Resources/${id}/DependsOn] Every DependsOn value must be a string.`)]),
    ...(['DeletionPolicy', 'UpdateReplacePolicy'] as const).flatMap((name) =>
      // AWS::LanguageExtensions lets functions give it.
      resource[name] === undefined ||
      isObject(resource[name]) ||
      (POLICIES[name] as readonly unknown[]).includes(resource[name])
        ? []
        : [error(`Unrecognized ${name} ${JSON.stringify(resource[name]).slice(0, 60)} for resource ${id}`)],
    ),
    ...(odd.length === 0 ? [] : [`Invalid template resource property '${(odd[0] ?? '').slice(0, 60)}' of ${id}`]),
  ];
}

/** Members of a section with names that are none, or properties that are none. */
function memberLines(section: string, what: string, members: Members, known: readonly string[]): string[] {
  return Object.entries(members).flatMap(([id, one]) => {
    if (isLoop(id)) return [];
    if (!LOGICAL_ID.test(id)) return [error(`${what} name ${id.slice(0, 60)} is non alphanumeric.`)];
    if (!isObject(one)) return [error(`[/${section}/${id}] the ${what.toLowerCase()} is no object`)];
    const odd = Object.keys(one).find((key) => !known.includes(key) && !isLoop(key));
    return odd === undefined ? [] : [`Invalid template ${what.toLowerCase()} property '${odd.slice(0, 60)}' of ${id}`];
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html: two levels of names, and texts or lists of them */
function mappingLines(mappings: Members): string[] {
  const isLeaf = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
  return Object.entries(mappings).flatMap(([id, map]) => {
    if (isLoop(id)) return [];
    if (!isObject(map) || isLoop(Object.keys(map)[0] ?? ''))
      return [error(`[/Mappings/${id}] Every Mappings member must be a map`)];
    return Object.entries(map).flatMap(([key, attributes]) => {
      if (isLoop(key)) return [];
      if (!isObject(attributes)) return [error(`[/Mappings/${id}/${key}] Every Mappings attribute must be a map`)];
      const odd = Object.entries(attributes).find(
        ([name, value]) => !isLoop(name) && !isLeaf(value) && !(Array.isArray(value) && value.every(isLeaf)),
      );
      return odd === undefined
        ? []
        : [error(`[/Mappings/${id}/${key}/${odd[0]}] Every Mappings attribute must be a String or a List.`)];
    });
  });
}

function parameterLines(parameters: Members): string[] {
  return Object.entries(parameters).flatMap(([id, one]) => {
    if (!isObject(one) || isLoop(id)) return [];
    const { Type, Default } = one;
    const isText = Default === undefined || ['string', 'number', 'boolean'].includes(typeof Default);
    return [
      ...(typeof Type === 'string' ? [] : [error(`Every Parameters object must contain a Type member: ${id}`)]),
      ...(isText ? [] : [error(`[/Parameters/${id}/Default] Every Default member must be a string.`)]),
    ];
  });
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

/** @returns a line for each thing that is wrong */
export function formLines(raw: unknown): string[] {
  if (!isObject(raw)) return [error('unsupported structure.')];
  const sections = Object.keys(raw).filter((name) => !SECTIONS.includes(name) && !isLoop(name));
  if (sections.length > 0) return [`Invalid template property or properties [${sections.join(', ').slice(0, 200)}]`];
  const notObjects = (['Resources', 'Parameters', 'Outputs', 'Mappings', 'Conditions'] as const).filter(
    (name) => raw[name] !== undefined && !isObject(raw[name]),
  );
  if (notObjects.length > 0) return notObjects.map((name) => error(`[/${name}] the section is no object`));
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
    ...memberLines('Parameters', 'Parameter', Parameters, OF_A_PARAMETER),
    ...parameterLines(Parameters),
    ...memberLines('Outputs', 'Output', Outputs, OF_AN_OUTPUT),
    ...mappingLines(Mappings),
    ...shared.map((id) => error(`Logical IDs are unique in a template: ${id} is a parameter and a resource`)),
    ...Object.entries(Resources).flatMap(([id, one]) => resourceLines(id, one)),
  ];
}
