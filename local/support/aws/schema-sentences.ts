/** CloudFormation's sentences for what a schema does not allow: https://github.com/everit-org/json-schema, which it validates with. */
import type { ErrorObject } from 'ajv';

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'object') return value === null ? 'Null' : 'JSONObject';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'Double';
  return typeof value === 'boolean' ? 'Boolean' : 'String';
};
const KINDS: Readonly<Record<string, string>> = { array: 'JSONArray', object: 'JSONObject' };
const named = (type: string): string => KINDS[type] ?? type.slice(0, 1).toUpperCase() + type.slice(1);

/** Longer values are cut: a name of 300 letters is recognised by its first. */
const SHOWN = 60;
export const shown = (value: unknown): string => {
  // What it quotes may have lines of its own.
  const text = typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

export function sentenceOf({ keyword, params, data, message = '' }: ErrorObject): string {
  const given = params as Readonly<Record<string, unknown>>;
  const size = typeof data === 'string' || Array.isArray(data) ? data.length : 0;
  const limit = String(given['limit']);
  switch (keyword) {
    case 'type':
      return `expected type: ${[given['type']].flat().map(String).map(named).join(' or ')}, found: ${kindOf(data)}`;
    case 'enum':
      return `${shown(data)} is not a valid enum value: it is one of ${(given['allowedValues'] as unknown[]).join(', ')}`;
    case 'minimum':
      return `${shown(data)} is not greater or equal to ${limit}`;
    case 'maximum':
      return `${shown(data)} is not less or equal to ${limit}`;
    case 'minLength':
    case 'maxLength':
      return `expected ${keyword}: ${limit}, actual: ${size}`;
    case 'minItems':
      return `expected minimum item count: ${limit}, found: ${size}`;
    case 'maxItems':
      return `expected maximum item count: ${limit}, found: ${size}`;
    case 'pattern':
      return `string [${shown(data)}] does not match pattern ${String(given['pattern'])}`;
    case 'required':
      return `required key [${String(given['missingProperty'])}] not found`;
    case 'additionalProperties':
      return `extraneous key [${shown(given['additionalProperty'])}] is not permitted`;
    case 'format':
      return `[${shown(data)}] is not a valid ${String(given['format'])}`;
    default:
      return message;
  }
}
