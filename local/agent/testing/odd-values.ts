/** Whatever an API may answer: a good value with something odd in it. */
import fc from 'fast-check';

export const Odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', 'NaN', '-1', '1e3', 'HTTP_999', '0x10', 'a b', '10.0.0.0/33'),
  fc.constant(undefined),
);

/** Which member of which member. */
export const Where = fc.array(fc.nat(20), { minLength: 1, maxLength: 6 });

/** One member somewhere in a value is another one. */
export function changed(value: unknown, at: readonly number[], by: unknown): unknown {
  const [here, ...rest] = at;
  if (here === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[here % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const made: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  made[key] = changed(made[key], rest, by);
  return Array.isArray(value) ? Object.values(made) : made;
}

export function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
