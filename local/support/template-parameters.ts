/** The values of parameters, and what CloudFormation says to the others: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
import { listOf, numberIn, textIn } from './aws/given.ts';
import { matchesPattern } from './aws/pattern.ts';
import { shown } from './aws/schema-sentences.ts';

type Members = Readonly<Record<string, unknown>>;

/** Of AWS's own types there are dozens, and more each year. */
const TYPE =
  /^(?:String|Number|CommaDelimitedList|List<(?:String|Number|AWS::[A-Za-z0-9:]+)>|AWS::[A-Za-z0-9:]+(?:<.+>)?)$/;
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LARGEST = 4096;

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** What its constraints say to a value. */
function unmet(parameter: Members, value: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  const isList = Type === 'CommaDelimitedList' || String(Type).startsWith('List<');
  // What is allowed for each of a list.
  const parts = isList ? value.split(',').map((part) => part.trim()) : [value];
  if (Buffer.byteLength(value) > LARGEST) return `value may not exceed ${LARGEST} bytes`;
  if ((Type === 'Number' || Type === 'List<Number>') && !parts.every(isNumber)) return 'must be a number';
  const allowed = listOf(AllowedValues).map(textIn);
  if (allowed.length > 0 && !parts.every((part) => allowed.includes(part))) return 'must be one of AllowedValues';
  const pattern = textIn(AllowedPattern);
  if (pattern !== undefined && !parts.every((part) => matchesPattern(`^(?:${pattern})$`, part)))
    return `must match pattern ${pattern}`;
  const [shortest, longest] = [numberIn(MinLength) ?? 0, numberIn(MaxLength) ?? Infinity];
  if (value.length < shortest) return `must contain at least ${shortest} characters`;
  if (value.length > longest) return `must contain at most ${longest} characters`;
  if (Type !== 'Number') return undefined;
  const [least, most] = [numberIn(MinValue) ?? -Infinity, numberIn(MaxValue) ?? Infinity];
  if (Number(value) < least) return `must be a number not less than ${least}`;
  return Number(value) > most ? `must be a number not greater than ${most}` : undefined;
}

/** @param value undefined where it is known at the deploy, or hidden */
export function oddParameter(name: string, parameter: Members, value: string | undefined): string | undefined {
  const type = textIn(parameter['Type']) ?? '';
  if (!TYPE.test(type)) return `Template format error: Unrecognized parameter type: ${shown(type)}`;
  if (value === undefined || type.startsWith('AWS::SSM::')) return undefined;
  const sentence = unmet(parameter, value);
  if (sentence === undefined) return undefined;
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html: it takes the sentence's place.
  const described = textIn(parameter['ConstraintDescription']);
  return described === undefined
    ? `ValidationError: Parameter '${name}' ${sentence}`
    : `ValidationError: Parameter ${name} failed to satisfy constraint: ${described}`;
}
