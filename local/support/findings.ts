/** Holds a resource against the rules. */
import { ownOf } from '../aws-shapes/own.ts';
import { capitalised, type Rule, type Shape } from './rules.ts';

export interface Finding {
  /** Such as `ContainerDefinitions[app].EnvironmentFiles`. */
  readonly path: string;
  readonly note: string;
  /** Absent where the property is left out without harm. */
  readonly remedy: string | undefined;
  /** Whether it runs all the same, and may not do what the app counts on. */
  readonly isWarning?: true;
}

type Members = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A CloudFormation function, whose value is known only when the stack is deployed. */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [name = '', ...more] = Object.keys(value);
  return more.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'));
}

const NOTHING = new Set<unknown>([undefined, null, false, '']);

/** APIs answer with empty members for what was never said; a feature or an attribute that is switched off needs no support. */
function isAbsent(value: unknown): boolean {
  if (isObject(value)) return value['Enable'] === false || value['Value'] === 'false';
  return NOTHING.has(value) || (Array.isArray(value) && value.length === 0);
}

/** What a rule says of what it is for. */
export function said(rule: Rule): Omit<Finding, 'path'> {
  if ('ignored' in rule) return { note: rule.ignored, remedy: undefined };
  if ('warned' in rule) return { note: rule.warned, remedy: rule.remedy, isWarning: true };
  return { note: rule.refused, remedy: rule.remedy };
}

const finding = (path: string, rule: Rule): Finding => ({ path, ...said(rule) });

const NOT_KNOWN: Rule = { refused: 'the local region does not know it', remedy: 'leave it out' };

/** Elements of a list by their own name, where they have one. */
function elements(path: string, value: unknown): [string, unknown][] {
  if (!Array.isArray(value)) return [[path, value]];
  return value.map((element: unknown, index) => {
    const name = isObject(element) ? (element['Name'] ?? element['name']) : undefined;
    return [`${path}[${typeof name === 'string' ? name : String(index)}]`, element];
  });
}

/**
 * @param value properties in CloudFormation's spelling, or the API's
 * @param unknown what becomes of a property that no rule knows
 */
export function findingsIn(
  rules: Shape,
  value: unknown,
  { path = '', unknown = 'refused' }: { readonly path?: string; readonly unknown?: 'refused' | 'accepted' } = {},
): Finding[] {
  if (!isObject(value) || isIntrinsic(value) || isAbsent(value)) return [];
  const nameOf = rules.isMap ? (key: string) => key : capitalised;
  const names = Object.keys(value).map(nameOf);
  const missing = rules.required
    .filter(({ oneOf }) => !oneOf.some((name) => names.includes(name)))
    .map(({ oneOf, rule }) => finding(path === '' ? oneOf.join(' or ') : `${path}.${oneOf.join(' or ')}`, rule));
  const present = Object.entries(value).flatMap(([key, member]) => {
    const name = nameOf(key);
    const here = path === '' ? name : `${path}.${name}`;
    if (isAbsent(member)) return [];
    const part = ownOf(rules.parts, name);
    if (part !== undefined)
      return elements(here, member).flatMap(([at, element]) => findingsIn(part, element, { path: at, unknown }));
    const limit = ownOf(rules.values, name);
    if (limit !== undefined) {
      const fits = isIntrinsic(member) || limit.schema.safeParse(member).success;
      if (fits) return [];
      const rule = ownOf(limit.but ?? {}, String(member)) ?? limit.rule;
      return [finding(`${here}: ${JSON.stringify(member)}`, rule)];
    }
    if (rules.reads.includes(name)) return [];
    const rule = ownOf(rules.others, name) ?? (unknown === 'refused' && !rules.isOpen ? NOT_KNOWN : undefined);
    return rule === undefined ? [] : [finding(here, rule)];
  });
  return [...missing, ...present];
}

export type Refusal = Finding & { readonly remedy: string };

/** What of an API's answer can't be made to run. */
export function refusedIn(rules: Shape, value: unknown): Refusal[] {
  return findingsIn(rules, value, { unknown: 'accepted' }).flatMap((one) =>
    one.remedy === undefined || one.isWarning === true ? [] : [{ ...one, remedy: one.remedy }],
  );
}
