/** Holds a resource against the rules. */
import { capitalised, type Rule, type Shape } from './rules.ts';

export interface Finding {
  /** Such as `ContainerDefinitions[app].EnvironmentFiles`. */
  readonly path: string;
  readonly note: string;
  /** Absent where the property is left out without harm. */
  readonly remedy: string | undefined;
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

function finding(path: string, rule: Rule): Finding {
  return 'ignored' in rule
    ? { path, note: rule.ignored, remedy: undefined }
    : { path, note: rule.refused, remedy: rule.remedy };
}

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
  const names = Object.keys(value).map(capitalised);
  const missing = rules.required
    .filter(({ oneOf }) => !oneOf.some((name) => names.includes(name)))
    .map(({ oneOf, rule }) => finding(path === '' ? oneOf.join(' or ') : `${path}.${oneOf.join(' or ')}`, rule));
  const present = Object.entries(value).flatMap(([key, member]) => {
    const name = capitalised(key);
    const here = path === '' ? name : `${path}.${name}`;
    if (isAbsent(member)) return [];
    const part = rules.parts[name];
    if (part !== undefined)
      return elements(here, member).flatMap(([at, element]) => findingsIn(part, element, { path: at, unknown }));
    const limit = rules.values[name];
    if (limit !== undefined) {
      const fits = isIntrinsic(member) || limit.schema.safeParse(member).success;
      return fits ? [] : [finding(`${here}: ${JSON.stringify(member)}`, limit.rule)];
    }
    if (rules.reads.includes(name)) return [];
    const rule = rules.others[name] ?? (unknown === 'refused' ? NOT_KNOWN : undefined);
    return rule === undefined ? [] : [finding(here, rule)];
  });
  return [...missing, ...present];
}

export type Refusal = Finding & { readonly remedy: string };

/** What of an API's answer can't be made to run. */
export function refusedIn(rules: Shape, value: unknown): Refusal[] {
  return findingsIn(rules, value, { unknown: 'accepted' }).flatMap((one) =>
    one.remedy === undefined ? [] : [{ ...one, remedy: one.remedy }],
  );
}
