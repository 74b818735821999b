/** What Elastic Load Balancing refuses of conditions: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html */
import { isAddressRange } from '../../aws-shapes/address-range.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { CONDITIONS, refuses } from './aws-sentences.ts';
import { listOf, membersOf, textIn, type Members } from './given.ts';
import { type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_VALUES = 5;
const MOST_WILDCARDS = 6;
const LONGEST_HEADER = 40;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Of others a rule has several. */
const ONCE = ['path-pattern', 'host-header', 'http-request-method', 'source-ip'];
const BY_REGEX = ['path-pattern', 'host-header', 'http-header'];

interface Condition {
  readonly field: string;
  readonly own: Members;
  readonly values: readonly unknown[] | undefined;
  readonly regexes: readonly unknown[] | undefined;
  /** Whether what it has is known at the deploy alone. */
  readonly isOpen: boolean;
}

function conditionOf(one: unknown): Condition {
  const condition = membersOf(one);
  const field = textIn(condition['Field']) ?? '';
  const own = membersOf(condition[ownOf(CONDITIONS, field)?.config ?? '']);
  const given = [own['Values'] ?? condition['Values'], own['RegexValues'] ?? condition['RegexValues']];
  const [values, regexes] = given.map((list) => (Array.isArray(list) ? (list as unknown[]) : undefined));
  const isOpen = given.some((list) => list !== undefined && !Array.isArray(list));
  return { field, own, values, regexes, isOpen };
}

/** A query string has a key and a value. */
function textsOf(value: unknown): string[] {
  const { Key, Value } = membersOf(value);
  return [value, Key, Value].flatMap((one) => textIn(one) ?? []);
}

function valueRefusals(path: string, field: string, value: unknown): Refusal[] {
  const rule = ownOf(CONDITIONS, field);
  if (rule === undefined) return [];
  const signs = new RegExp(`^${rule.signs}$`);
  return textsOf(value).flatMap((text) => {
    if (text.length > rule.longest) return [refuses(path, 'conditionLong', { what: field, most: rule.longest })];
    if (field === 'source-ip')
      return signs.test(text) && isAddressRange(text) ? [] : [refuses(path, 'conditionBlock', { value: shown(text) })];
    // "You must include at least one '.' character": API_RuleCondition.html
    const isHost = field !== 'host-header' || text.includes('.');
    return signs.test(text) && isHost ? [] : [refuses(path, 'conditionSigns', { value: shown(text) })];
  });
}

function headerRefusals(path: string, { HttpHeaderName }: Members): Refusal[] {
  const name = textIn(HttpHeaderName);
  if (name === undefined) return [];
  if (name.length > LONGEST_HEADER)
    return [refuses(path, 'conditionLong', { what: 'HttpHeaderName', most: LONGEST_HEADER })];
  if (name.toLowerCase() === 'host') return [refuses(path, 'headerHost')];
  return HEADER_NAME.test(name) ? [] : [refuses(path, 'headerName', { name: shown(name) })];
}

function ownRefusals(path: string, { field, own, values = [], regexes = [], isOpen }: Condition): Refusal[] {
  const config = ownOf(CONDITIONS, field)?.config;
  if (config === undefined || isOpen) return [];
  if (regexes.length > 0 && !BY_REGEX.includes(field)) return [refuses(path, 'conditionRegex', { name: field })];
  if (regexes.length > 0 && values.length > 0) return [refuses(path, 'conditionBoth', { config })];
  if (regexes.length === 0 && values.length === 0) return [refuses(path, 'noConditionValue')];
  return [
    ...values.flatMap((value) => valueRefusals(path, field, value)).slice(0, 1),
    ...headerRefusals(`${path}.HttpHeaderConfig`, own),
  ];
}

export function conditionRefusals(given: unknown): Refusal[] {
  if (Array.isArray(given) && given.length === 0) return [refuses('Conditions', 'noCondition')];
  const conditions = listOf(given).map(conditionOf);
  const twice = ONCE.filter((name) => conditions.filter(({ field }) => field === name).length > 1);
  const values = conditions.flatMap((one) => one.values ?? []);
  const count = values.length + conditions.flatMap((one) => one.regexes ?? []).length;
  // \* and \? are the characters themselves.
  const wildcards =
    values
      .flatMap(textsOf)
      .join('\n')
      .match(/(?<!\\)[*?]/g)?.length ?? 0;
  return [
    ...twice.map((name) => refuses('Conditions', 'conditionOnce', { name })),
    ...(count > MOST_VALUES ? [refuses('Conditions', 'conditionValues')] : []),
    ...(wildcards > MOST_WILDCARDS ? [refuses('Conditions', 'conditionWildcards')] : []),
    ...conditions.flatMap((one, index) => ownRefusals(`Conditions[${index}]`, one)),
  ];
}
