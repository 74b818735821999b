/** What the functions of a template name: resources, parameters and their attributes. */

/** `${!Literal}` is text: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html */
const SUBSTITUTED = /\$\{\s*([^!{}\s][^{}\s]*)\s*\}/g;

const cutAtDot = (name: string): [before: string, after: string] => {
  const at = name.indexOf('.');
  return at < 0 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
};
const beforeDot = (name: string): string => cutAtDot(name)[0];

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
export const textsIn = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);

/** What is referred to by a call, but for what its arguments refer to. */
export function namesIn(name: string, argument: unknown): string[] {
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
export function attributesIn(name: string, argument: unknown): [resource: string, attribute: string][] {
  if (name === 'Fn::Sub')
    return namesUsed(argument).flatMap((one): [string, string][] => (one.includes('.') ? [cutAtDot(one)] : []));
  if (name !== 'Fn::GetAtt') return [];
  if (typeof argument === 'string') return [cutAtDot(argument)];
  const [resource, attribute] = listOf(argument);
  return typeof resource === 'string' && typeof attribute === 'string' ? [[resource, attribute]] : [];
}
