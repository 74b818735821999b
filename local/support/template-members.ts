/**
 * The members of a template's sections: names and properties that CloudFormation's ValidateTemplate does not take.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html; the control plane has the same sentences in
 * template_form.py, with where each is quoted.
 */
import KNOWN from '../control-plane/template-members.json' with { type: 'json' };

/** CloudFormation's own names are letters and digits: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html */
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;
/** A loop stands where a resource would be; a transform makes resources of it, and is refused for itself. */
export const isLoop = (id: string): boolean => id.startsWith('Fn::');

export type Members = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const error = (sentence: string): string => `Template format error: ${sentence}`;

export function resourceLines(id: string, resource: unknown): string[] {
  if (isLoop(id)) return [];
  if (!LOGICAL_ID.test(id)) return [error(`Resource name ${id.slice(0, 60)} is non alphanumeric.`)];
  if (!isObject(resource)) return [error('Any Resources member must be a JSON object.')];
  const { Type, Properties, DependsOn } = resource;
  const odd = Object.keys(resource).filter((key) => !KNOWN.resource.includes(key) && !isLoop(key));
  const names = DependsOn === undefined || typeof DependsOn === 'string' ? [] : [DependsOn].flat();
  const isNames =
    typeof DependsOn === 'string' || (Array.isArray(DependsOn) && names.every((one) => typeof one === 'string'));
  return [
    ...(typeof Type === 'string' && Type !== ''
      ? []
      : [error(`[/Resources/${id}] Every Resources object must contain a Type member.`)]),
    ...(Properties === undefined || isObject(Properties)
      ? []
      : [error('Any Properties member must be a JSON object.')]),
    ...(DependsOn === undefined || isNames ? [] : [error('Every DependsOn value must be a string.')]),
    ...(['DeletionPolicy', 'UpdateReplacePolicy'] as const).flatMap((name) =>
      // AWS::LanguageExtensions lets functions give it.
      resource[name] === undefined ||
      isObject(resource[name]) ||
      (KNOWN.policies[name] as readonly unknown[]).includes(resource[name])
        ? []
        : [error(`Unrecognized ${name} ${JSON.stringify(resource[name]).slice(0, 60)} for resource ${id}`)],
    ),
    ...(odd.length === 0 ? [] : [`Invalid template resource property '${(odd[0] ?? '').slice(0, 60)}' of ${id}`]),
  ];
}

/** Members of a section with names that are none, or properties that are none. */
export function memberLines(section: string, what: string, members: Members, known: readonly string[]): string[] {
  return Object.entries(members).flatMap(([id, one]) => {
    if (isLoop(id)) return [];
    if (!LOGICAL_ID.test(id)) return [error(`${what} name ${id.slice(0, 60)} is non alphanumeric.`)];
    if (!isObject(one)) return [error(`Any ${section} member must be a JSON object.`)];
    const odd = Object.keys(one).find((key) => !known.includes(key) && !isLoop(key));
    return odd === undefined ? [] : [`Invalid template ${what.toLowerCase()} property '${odd.slice(0, 60)}' of ${id}`];
  });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html: two levels of names, and texts or lists of them */
export function mappingLines(mappings: Members): string[] {
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

export function parameterLines(parameters: Members): string[] {
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
